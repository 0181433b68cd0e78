# Paths, tool versions and output functions that the scripts share.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
TOOLS="$ROOT/.tools"
LOGS="$TOOLS/log"
export PATH="$TOOLS/bin:$PATH"
# Debug information makes test builds and browser runs twice as slow, and the scripts do not need it.
export CARGO_PROFILE_DEV_DEBUG="${CARGO_PROFILE_DEV_DEBUG:-0}"
mkdir -p "$LOGS"

WASM_TARGET=wasm32-unknown-unknown
# Must be the version that Cargo.toml pins for the crate.
WASM_BINDGEN_VERSION=0.2.129
WASM_PACK_VERSION=0.15.1
CARGO_DENY_VERSION=0.20.2
GECKODRIVER_VERSION=0.37.1
CARGO_HACK_VERSION=0.6.46
CARGO_FUZZ_VERSION=0.13.2
CARGO_MUTANTS_VERSION=27.1.0

step_number=0
step_count=0

# step <title> <command that checks> <command that installs> <explanation of a failure, a sentence>
step() {
  local title="$1" present="$2" make="$3" meaning="$4" began=$SECONDS log
  step_number=$((step_number + 1))
  printf '[%d/%d] %s … ' "$step_number" "$step_count" "$title"
  if $present >/dev/null 2>&1; then
    echo "present"
    return
  fi
  printf 'working'
  log="$LOGS/setup-$step_number.log"
  "$make" >"$log" 2>&1 &
  if wait_for $! && $present >>"$log" 2>&1; then
    echo " done ($((SECONDS - began)) s)"
  else
    echo " failed after $((SECONDS - began)) s"
    tail -n 25 "$log" | sed 's/^/    /' >&2
    fail "$meaning (complete log: ${log#"$ROOT"/})"
  fi
}

# Prints a dot every five seconds until the process ends.
wait_for() {
  local pid="$1" ticks=0
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    ticks=$((ticks + 1))
    if [ $((ticks % 25)) -eq 0 ]; then printf '.'; fi
  done
  wait "$pid"
}

fail() {
  echo "error: $1" >&2
  exit 1
}
