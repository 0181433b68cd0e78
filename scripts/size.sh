#!/usr/bin/env bash
# What each entry of the package loads, raw and compressed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/setup.sh demo
node pkg/scripts/build.mjs
node pkg/scripts/size.mjs
