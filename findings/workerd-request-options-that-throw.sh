#!/usr/bin/env bash
# workerd 1.20260426.1: two values that the Fetch standard lets every caller spell out make the Request constructor throw: redirect "error",
# and the *default* of the cache mode, "default". Code shared with browsers and Node fails only once it is deployed, and a library that
# swallows errors of a background fetch (a reporter, a beacon) silently sends nothing.
# Seen: TypeError for both; "manual" and "no-store" are taken.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact miniflare@4.20260426.0
cat >case.mjs <<'PROGRAM'
import { Miniflare } from "miniflare";
const script = `export default { fetch() {
  const outcome = (init) => { try { new Request("http://example.com/", init); return "taken"; } catch (error) { return error.name; } };
  return Response.json([{ redirect: "error" }, { redirect: "manual" }, { cache: "default" }, { cache: "no-store" }].map((init) => [JSON.stringify(init), outcome(init)]));
} }`;
const workerd = new Miniflare({ modules: true, cf: false, compatibilityDate: "2026-04-01", script });
for (const [init, outcome] of await (await workerd.dispatchFetch("http://example.com/")).json()) console.log(`${init}: ${outcome}`);
await workerd.dispose();
PROGRAM
node case.mjs | tee seen.txt
diff seen.txt - <<'EXPECTED' && echo "still so with miniflare@4.20260426.0"
{"redirect":"error"}: TypeError
{"redirect":"manual"}: taken
{"cache":"default"}: TypeError
{"cache":"no-store"}: taken
EXPECTED
