#!/usr/bin/env bash
# Runs all benchmarks: the package compared with better-auth and node:crypto in Node, workerd and Chromium, and native Rust.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/setup.sh test
node pkg/scripts/build.mjs
for program in pkg/bench/*.bench.mjs; do
  [ -e "$program" ] || continue
  printf '\n=== %s\n' "$program"
  node "$program"
done
printf '\n=== native Rust\n'
cargo bench --quiet
