#!/usr/bin/env bash
# Runs two gates on Redis and two on a Durable Object under load, at the same time, for MINUTES (default 30), and then workerd
# under a constant load for ten minutes, or MEMORY_MINUTES. The log is .tools/log/soak.log.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
scripts/setup.sh test
node pkg/scripts/build.mjs
status=0
: >"$LOGS/soak.log"
running=()
for feed in redis durable-object; do
  (set -o pipefail; node harness/fleet/soak.mjs "${MINUTES:-30}" "$feed" 2>&1 | tee -a "$LOGS/soak.log") &
  running+=($!)
done
for pid in "${running[@]}"; do wait "$pid" || status=1; done
node harness/fleet/workerd-memory.mjs "${MEMORY_MINUTES:-10}" 2>&1 | tee -a "$LOGS/soak.log" || status=1
exit "$status"
