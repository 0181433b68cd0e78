#!/usr/bin/env bash
# Publishes the crates and the npm package at their registries, unless they are there in this version: after a failure it can be run
# again. Arguments are for `npm publish`: `scripts/publish.sh --provenance`.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

version="$(node -p 'require("./pkg/package.json").version')"
crates="$(cargo metadata --no-deps --format-version=1 | node -e '
  const { packages } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  console.log(packages.filter(({ publish }) => publish === null).map(({ name }) => name).join(" "))')"

missing=()
for crate in $crates; do
  # In the repository, `cargo info` would describe the crate that is here.
  (cd / && cargo info --quiet --registry crates-io "$crate@$version") >/dev/null 2>&1 || missing+=(--package "$crate")
done
[ "${#missing[@]}" -eq 0 ] || cargo publish "${missing[@]}"

[ "$(npm view "better-session@$version" version 2>/dev/null)" = "$version" ] ||
  npm publish --access public --workspace pkg "$@"
