#!/usr/bin/env bash
# Runs two gates on Redis, then on a Durable Object, under load for MINUTES (default 30) each. The log is .tools/log/soak.log.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/setup.sh test
node pkg/scripts/build.mjs
node harness/fleet/soak.mjs "${MINUTES:-30}" 2>&1 | tee "$LOGS/soak.log"
