#!/usr/bin/env bash
# Installs the newest Better Auth, or the version given, in the place of the pinned one, mints its cookies and prints as Markdown how they
# differ from the pinned version's. The cookies take the place of the pinned version's too, so that `make test` then runs everything
# against the newest. For a checkout that is thrown away.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

pinned="$(node -p 'require("./package.json").devDependencies["better-auth"]')"
newest="${1:-$(npm view better-auth version)}"
echo "## Better Auth $pinned → $newest"
[ "$pinned" != "$newest" ] || { echo "The pinned version is the newest."; exit 0; }

npm install --save-dev --save-exact --no-audit --no-fund "better-auth@$newest" >"$LOGS/newest-install.log" 2>&1 ||
  fail "better-auth@$newest cannot be installed (log: $LOGS/newest-install.log)"
npm install --prefix matrix/apps/quick --package-lock-only --save-exact --no-audit --no-fund "better-auth@$newest" >"$LOGS/newest-quick.log" 2>&1 ||
  fail "matrix/apps/quick cannot be locked to better-auth@$newest (log: $LOGS/newest-quick.log)"
node harness/vectors.mjs latest >"$LOGS/newest-vectors.log" 2>&1 || fail "the cookies cannot be minted (log: $LOGS/newest-vectors.log)"

echo
node harness/compare-vectors.mjs "vectors/better-auth/$pinned.json" "vectors/better-auth/$newest.json"
mv "vectors/better-auth/$newest.json" "vectors/better-auth/$pinned.json"
