#!/usr/bin/env bash
# Installs the newest Better Auth in the place of the pinned one, mints its cookies again and prints what changed, as Markdown.
# `make test` then runs everything against it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

pinned="$(node -p 'require("./package.json").devDependencies["better-auth"]')"
newest="${1:-$(npm view better-auth version)}"
echo "## Better Auth $pinned → $newest"
[ "$pinned" != "$newest" ] || { echo "The pinned version is the newest."; exit 0; }

npm install --save-dev --save-exact --no-audit --no-fund "better-auth@$newest" >"$LOGS/newest-install.log" 2>&1 ||
  fail "better-auth@$newest cannot be installed (log: $LOGS/newest-install.log)"
make vectors >"$LOGS/newest-vectors.log" 2>&1 || fail "the cookies cannot be minted (log: $LOGS/newest-vectors.log)"

echo
echo "Files of vectors that differ, other than by time, keys and random bytes, need a look:"
echo '```'
git diff --stat -- vectors
echo '```'
