#!/usr/bin/env bash
# Installs what the demo needs, builds the package and starts the demo. PORT selects the port.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/setup.sh demo
echo "building the package (about a minute the first time) …"
node pkg/scripts/build.mjs || fail "the package could not be built; the reason is above"
exec node harness/demo.mjs
