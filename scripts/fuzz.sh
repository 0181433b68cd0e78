#!/usr/bin/env bash
# Runs the property tests of all code that parses untrusted input, optimised. CASES is the number of cases a property (default 20000).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/setup.sh demo
# Keeps the checks of a debug build, so that an overflow is detected.
export CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS=true CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true CARGO_PROFILE_RELEASE_OPT_LEVEL=2
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$ROOT/target}/fuzz"
PROPTEST_CASES="${CASES:-20000}" cargo test --release --features client propert
