#!/usr/bin/env bash
# Installs missing tools and packages: `setup.sh demo` for the demo, `setup.sh test` for the tests too, `setup.sh matrix` for every browser,
# `setup.sh fuzz` and `setup.sh mutants` for those two.
# Needs Rust (rustup) and Node 20 or later. Tools go to .tools/, packages to node_modules/.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
wanted="${1:-test}"

basics_present() {
  command -v cargo && command -v npm && node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)'
}
basics_explain() {
  command -v cargo || echo "cargo is not on PATH: install Rust with rustup (https://rustup.rs)"
  command -v npm || echo "npm is not on PATH: install Node.js 20 or later (https://nodejs.org)"
  node --version
  return 1
}

target_present() { [ -d "$(rustc --print target-libdir --target "$WASM_TARGET")" ]; }
target_install() { rustup target add "$WASM_TARGET"; }

lints_present() { cargo clippy --version && cargo fmt --version; }
lints_install() { rustup component add clippy rustfmt; }

bindgen_present() {
  [ "$(wasm-bindgen --version)" = "wasm-bindgen $WASM_BINDGEN_VERSION" ] && command -v wasm-bindgen-test-runner
}
bindgen_install() {
  cargo_install wasm-bindgen-cli "$WASM_BINDGEN_VERSION" --no-default-features --bin wasm-bindgen --bin wasm-bindgen-test-runner
}

pack_present() { [ "$(wasm-pack --version)" = "wasm-pack $WASM_PACK_VERSION" ]; }
pack_install() { cargo_install wasm-pack "$WASM_PACK_VERSION"; }

deny_present() { [ "$(cargo-deny --version)" = "cargo-deny $CARGO_DENY_VERSION" ]; }
deny_install() { cargo_install cargo-deny "$CARGO_DENY_VERSION" --no-default-features; }

hack_present() { [ "$(cargo-hack hack --version)" = "cargo-hack $CARGO_HACK_VERSION" ]; }
hack_install() { cargo_install cargo-hack "$CARGO_HACK_VERSION"; }

# A dev build takes a sixth of the time of a release build, and its tools are fast enough.
cargo_install() {
  local name="$1" version="$2"
  shift 2
  (cd "$TOOLS" && env -u RUSTFLAGS -u CARGO_BUILD_TARGET -u CARGO_TARGET_DIR \
    cargo install --locked --force --profile dev "$name" --version "=$version" --root "$TOOLS" "$@")
}

packages_present() { node scripts/packages-present.mjs; }
packages_install() { npm ci --no-audit --no-fund; }

browser_present() {
  command -v chromedriver && { command -v chromium || command -v chromium-browser || command -v google-chrome; }
}
browser_install() { debian_install chromium chromium-driver; }

engines_present() {
  command -v redis-server && { command -v initdb || ls -d /usr/lib/postgresql/*/bin/initdb; } && command -v ip && command -v runuser
}
engines_install() { debian_install redis-server postgresql iproute2 util-linux; }

debian_install() {
  local sudo=""
  if ! command -v apt-get; then
    echo "no apt-get here: install the programs of these Debian packages and put them on PATH: $*"
    return 1
  fi
  if [ "$(id -u)" -ne 0 ]; then
    sudo="sudo -n"
    if ! $sudo true; then
      echo "not root, and sudo wants a password: run 'sudo apt-get install $*' and then this again"
      return 1
    fi
  fi
  $sudo apt-get update
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y --no-install-recommends "$@"
}

quick_present() { node matrix/parts/quick.mjs present; }
quick_install() { node matrix/parts/quick.mjs install; }

fuzz_present() { [ "$(cargo-fuzz --version)" = "cargo-fuzz $CARGO_FUZZ_VERSION" ] && command -v c++; }
fuzz_install() {
  command -v c++ || debian_install g++
  cargo_install cargo-fuzz "$CARGO_FUZZ_VERSION"
}

mutants_present() { [ "$(cargo-mutants mutants --version)" = "cargo-mutants $CARGO_MUTANTS_VERSION" ]; }
mutants_install() { cargo_install cargo-mutants "$CARGO_MUTANTS_VERSION"; }

firefox_present() { command -v firefox-esr || command -v firefox; }
firefox_install() { debian_install firefox-esr; }

gecko_present() { geckodriver --version | grep -q "^geckodriver $GECKODRIVER_VERSION"; }
gecko_install() { cargo_install geckodriver "$GECKODRIVER_VERSION"; }

case "$wanted" in
  demo) step_count=4 ;;
  fuzz | mutants) step_count=5 ;;
  test) step_count=11 ;;
  matrix) step_count=13 ;;
  *) fail "unknown argument '$wanted': setup.sh accepts 'demo', 'fuzz', 'mutants', 'test' and 'matrix'" ;;
esac
began=$SECONDS
step "Rust and Node.js 20 or later" basics_present basics_explain "Rust (rustup) and Node.js 20 or later are needed first"
step "target $WASM_TARGET" target_present target_install "the wasm target could not be added: is Rust managed by rustup, and the network up?"
step "wasm-bindgen $WASM_BINDGEN_VERSION (about 90 s)" bindgen_present bindgen_install "wasm-bindgen-cli could not be built"
step "npm packages (about 30 s)" packages_present packages_install "npm ci failed"
if [ "$wanted" = fuzz ]; then
  step "cargo-fuzz $CARGO_FUZZ_VERSION (about 60 s)" fuzz_present fuzz_install "cargo-fuzz could not be built, or there is no C++ compiler for libFuzzer"
elif [ "$wanted" = mutants ]; then
  step "cargo-mutants $CARGO_MUTANTS_VERSION (about 110 s)" mutants_present mutants_install "cargo-mutants could not be built"
elif [ "$wanted" != demo ]; then
  step "clippy and rustfmt" lints_present lints_install "clippy and rustfmt could not be added"
  step "wasm-pack $WASM_PACK_VERSION (about 80 s)" pack_present pack_install "wasm-pack could not be built"
  step "cargo-deny $CARGO_DENY_VERSION (about 60 s)" deny_present deny_install "cargo-deny could not be built"
  step "cargo-hack $CARGO_HACK_VERSION (about 15 s)" hack_present hack_install "cargo-hack could not be built"
  step "Chromium and its driver (about 30 s)" browser_present browser_install "the browser tests need Chromium and chromedriver"
  step "versions of the quick matrix (about 20 s)" quick_present quick_install "the packages of matrix/apps/quick could not be installed"
  step "Redis and Postgres servers (about 20 s)" engines_present engines_install "the tests of the revocation feeds need redis-server and postgresql"
fi
if [ "$wanted" = matrix ]; then
  step "Firefox (about 30 s)" firefox_present firefox_install "the browser matrix needs Firefox"
  step "geckodriver $GECKODRIVER_VERSION (about 90 s)" gecko_present gecko_install "geckodriver could not be built"
fi
echo "everything for '$wanted' is installed ($((SECONDS - began)) s)"
