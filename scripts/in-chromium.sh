#!/usr/bin/env bash
# Runs `wasm-pack test` in headless Chromium with the flags of the release modules. Arguments: the crate's folder, then arguments of Cargo.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS='-Ctarget-feature=+simd128 --cfg=aes_backend_soft="compact"'
# Without WASM_BINDGEN_USE_BROWSER wasm-pack would skip every test and succeed.
WASM_BINDGEN_USE_BROWSER=1 WASM_BINDGEN_TEST_TIMEOUT=300 exec wasm-pack test --headless --chrome --mode no-install "$@"
