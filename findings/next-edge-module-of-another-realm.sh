#!/usr/bin/env bash
# Next.js 16.4.6, edge runtime in Node: what `import module from "./x.wasm?module"` gives is a genuine WebAssembly.Module of another realm, so
# `module instanceof WebAssembly.Module` is false in the route. Glue that chooses by instanceof (wasm-bindgen's initSync of its target web
# does) takes it for bytes and fails with "Argument 0 must be a buffer source", already in `next build`, which runs the route.
# Seen: instanceof false, the tag [object WebAssembly.Module], and an instance that works.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact next@16.4.6 react@19.3.1 react-dom@19.3.1
mkdir -p app/seen
node -e 'require("fs").writeFileSync("app/seen/answer.wasm", Buffer.from("0061736d010000000105016000017f03020100070501016100000a06010400412a0b", "hex"))'
echo 'export default ({ children }) => <html><body>{children}</body></html>;' >app/layout.js
cat >app/seen/route.js <<'PROGRAM'
import module from "./answer.wasm?module";
export const runtime = "edge";
export const dynamic = "force-dynamic";
export function GET() {
  const { exports } = new WebAssembly.Instance(module);
  return Response.json([module instanceof WebAssembly.Module, Object.prototype.toString.call(module), exports.a()]);
}
PROGRAM
export NEXT_TELEMETRY_DISABLED=1
npx next build >build.txt 2>&1 || { cat build.txt; exit 1; }
port=$(node -e 'const s = require("net").createServer().listen(0, () => { console.log(s.address().port); s.close(); })')
node node_modules/next/dist/bin/next start --port "$port" >start.txt 2>&1 &
server=$!
trap 'kill "$server"; rm -rf "$folder"' EXIT
for _ in $(seq 120); do curl -sf "http://127.0.0.1:$port/seen" >seen.txt && break || sleep 0.5; done
cat seen.txt
[ "$(cat seen.txt)" = '[false,"[object WebAssembly.Module]",42]' ] && echo " still so with next@16.4.6"
