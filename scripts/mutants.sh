#!/usr/bin/env bash
# Changes the code of cache, gate and revocation one place at a time, and runs the native tests of that folder: `make mutants`.
# MODULES="cache gate" selects folders, SHARD=0/8 a part of their changes. What no test notices is in
# target/mutants/MODULE/mutants.out/missed.txt; docs/fuzzing.md lists the changes that no test can notice.
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/setup.sh mutants || exit 1
# Fewer random cases: a change that is noticed is noticed soon.
export PROPTEST_CASES="${PROPTEST_CASES:-32}" CARGO_PROFILE_DEV_DEBUG=0

status=0
for module in ${MODULES:-cache gate revocation}; do
  case "$module" in
    cache) tests=(--lib --test verify --test jwks) ;;
    gate) tests=(--lib --test gate --test revocation) ;;
    revocation) tests=(--lib --test revocation) ;;
    *) fail "unknown module '$module': there are cache, gate and revocation" ;;
  esac
  mkdir -p "target/mutants/$module"
  echo "=== $module"
  # 2 is the exit code for changes that were missed, 3 for tests that ran too long: the list says which.
  cargo mutants --file "src/$module/**" --no-shuffle --colors never --timeout 300 --jobs 1 ${SHARD:+--shard "$SHARD" --sharding round-robin} \
    --output "target/mutants/$module" -- --features http,jwks "${tests[@]}" || status=$?
done
exit "$status"
