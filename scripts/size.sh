#!/usr/bin/env bash
# Prints the raw and compressed size of each entry of the package, and the code of each crate in core.wasm and gate.wasm.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/setup.sh demo
node pkg/scripts/build.mjs
node pkg/scripts/size.mjs --crates
