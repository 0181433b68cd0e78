#!/usr/bin/env bash
# Compares with better-session 0.1.0 and better-auth in one run and prints one table: `bench.sh [part …]`. `bench.sh all` also runs the
# longer benchmarks: feeds, revocation, and native Rust.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/setup.sh test >&2
node pkg/scripts/build.mjs >&2
parts=("$@")
[ "${1:-}" != all ] || parts=()
node pkg/bench/bench.mjs "${parts[@]}"
[ "${1:-}" = all ] || exit 0
for program in pkg/bench/*.bench.mjs; do
  printf '\n=== %s\n' "$program"
  node "$program"
done
printf '\n=== native Rust\n'
cargo bench --quiet
