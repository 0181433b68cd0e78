#!/usr/bin/env bash
# From a fresh machine to the demo's URL. PORT chooses the port.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/setup.sh demo
echo "building the package (a minute the first time, then a moment) …"
node pkg/scripts/build.mjs || fail "the package could not be built; the reason is above"
exec node harness/demo.mjs
