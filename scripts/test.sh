#!/usr/bin/env bash
# Runs all checks and tests; continues after a failed stage. `test.sh lint` runs the checks only.
# The last line is "N passed, N failed"; the exit code is 0 only if nothing failed.
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$ROOT/scripts/stages.sh"
cd "$ROOT"
"$ROOT/scripts/setup.sh" test || exit 1

# The flags of the release modules.
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS='-Ctarget-feature=+simd128 --cfg=aes_backend_soft="compact"'
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER="wasm-bindgen-test-runner"
core=(--no-default-features --features gate)
# The tests convert the system's time.
core_tests=(--no-default-features --features gate,std)
client=(--no-default-features --features client)
bindings=(--package better-session-client)
# One selection in all commands: another one would have other features, and so build the dependencies again.
adapters=(--profile adapters --package better-session-feeds --package better-session-axum --package better-session-forward-auth --all-features)
clippy() { cargo clippy --quiet --all-targets "$@" -- -D warnings; }
node_tests() { node --test --test-reporter=spec --test-concurrency=2 "$@"; }
tests_in() { find "$@" -name node_modules -prune -o -name '*.test.mjs' -print | sort; }

# The crates that they use may have got a dependency.
lock_files() {
  for manifest in examples/workers-rs/Cargo.toml fuzz/Cargo.toml; do
    cargo tree --quiet --locked --manifest-path "$manifest" >/dev/null || return 1
  done
}

checks() {
  stage "format" check cargo fmt --check
  stage "format: the Worker in Rust" check cargo fmt --check --manifest-path examples/workers-rs/Cargo.toml
  stage "format: the fuzz targets" check cargo fmt --check --manifest-path fuzz/Cargo.toml
  stage "lock files outside the workspace" check lock_files
  stage "clippy: native, default features" check clippy
  stage "clippy: native, verify alone" check clippy --no-default-features --features verify
  stage "clippy: native, client" check clippy --no-default-features --features client
  stage "clippy: protocol" check clippy --package better-session-protocol --features typescript
  stage "clippy: wasm, core and gate" check clippy --target "$WASM_TARGET" "${core[@]}"
  stage "clippy: core.wasm, gate.wasm and inspect.wasm" check clippy --target "$WASM_TARGET" --package better-session-core --package better-session-gate --package better-session-inspect
  stage "clippy: client.wasm" check cargo clippy --quiet --lib --target "$WASM_TARGET" --package better-session-client --no-default-features -- -D warnings
  stage "clippy: the client's bindings and their tests" check clippy --target "$WASM_TARGET" "${bindings[@]}"
  stage "clippy: adapters" check clippy "${adapters[@]}"
  stage "every combination of features" check cargo hack check --quiet --feature-powerset --include-features std,verify,memory,gate,serde,http,client,jwks
  stage "crates, licenses and sources" check cargo deny --workspace check bans licenses sources
  stage "import circles, and words that stay in primitives" check node scripts/check-source.mjs
  stage "each file says what is in it" check node scripts/file-index.mjs --check
  stage "eslint" check npx --no-install eslint pkg/src
  stage "the protocol's TypeScript" check node pkg/scripts/protocol.mjs --check
  stage "prettier" check npx --no-install prettier --check --log-level warn .
  stage "documentation" check env RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps --features client,http,jwks
  stage "documentation: adapters" check env RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps "${adapters[@]}"
}

rust_tests() {
  stage "native tests" cargo_counts cargo test --features client,http,jwks
  stage "protocol" cargo_counts cargo test --package better-session-protocol --features typescript
  # The programs that the tests of pkg/test/rust start, built with the same command as there.
  stage "adapters: their tests" cargo_counts cargo test "${adapters[@]}"
  stage "core and gate in Node" cargo_counts cargo test --target "$WASM_TARGET" "${core_tests[@]}"
  stage "client in Node" cargo_counts cargo test --target "$WASM_TARGET" "${client[@]}" --test client
  stage "core and gate in Chromium" cargo_counts scripts/in-chromium.sh . "${core_tests[@]}"
  stage "client in Chromium" cargo_counts scripts/in-chromium.sh . "${client[@]}" --test client
  # The tests send requests to a real server, which runs until they end.
  stage "client bindings in Chromium" cargo_counts node pkg/test/client/with-server.mjs scripts/in-chromium.sh bindings/client
}

package_tests() {
  local folder files
  stage "build the package" check node pkg/scripts/build.mjs
  stage "matrix: the quick part" matrix_counts node matrix/run.mjs quick
  for folder in harness/test pkg/test pkg/test/*/ www/test; do
    [ -d "$folder" ] || continue
    if [ "$folder" = pkg/test ]; then mapfile -t files < <(find pkg/test -maxdepth 1 -name '*.test.mjs' | sort)
    else mapfile -t files < <(tests_in "$folder"); fi
    [ "${#files[@]}" -gt 0 ] || continue
    stage "npm: ${folder%/}" node_counts node_tests "${files[@]}"
  done
}

checks
if [ "${1:-all}" != lint ]; then
  rust_tests
  package_tests
fi
sum_up
