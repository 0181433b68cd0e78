#!/usr/bin/env bash
# Fuzzes for about MINUTES (default 5): the targets of fuzz/ with libFuzzer, the comparison with Better Auth's and JavaScript's own
# functions, then the property tests with CASES cases each (default 2000). FUZZ_FLAGS go to fuzz/run.mjs, such as --record.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
minutes="${MINUTES:-5}"
scripts/setup.sh fuzz
node pkg/scripts/build.mjs

(unset CARGO_TARGET_DIR && cargo fuzz build --sanitizer none)
node fuzz/seeds.mjs
node fuzz/run.mjs "$minutes" ${FUZZ_FLAGS:-}
node fuzz/differential.mjs "$((minutes * 12))"

# Keeps the checks of a debug build, so that an overflow is detected.
export CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS=true CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true CARGO_PROFILE_RELEASE_OPT_LEVEL=2
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$ROOT/target}/fuzz"
PROPTEST_CASES="${CASES:-2000}" cargo test --release --features client propert
