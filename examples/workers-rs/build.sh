#!/usr/bin/env bash
# Builds the Worker into dist/: the module by cargo, its JavaScript by wasm-bindgen, and an entry, because Workers are called through the default
# export of a module. Needs the target wasm32-unknown-unknown and wasm-bindgen of the version in Cargo.toml; worker-build is not needed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
target="${CARGO_TARGET_DIR:-target}"
# The npm package has no lock file: cargo makes one.
[ ! -f Cargo.lock ] || locked=--locked
cargo build --release ${locked:-} --target wasm32-unknown-unknown
wasm-bindgen --target web --no-typescript --out-dir dist --out-name worker "$target/wasm32-unknown-unknown/release/better_session_worker_example.wasm"
cat > dist/index.js <<'JS'
import module from "./worker_bg.wasm";
import { fetch, initSync } from "./worker.js";
initSync({ module });
export default { fetch };
JS
