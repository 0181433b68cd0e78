#!/usr/bin/env bash
# Node.js 20.20.2: `response.writeHead(status, [name, value, …])` sends a repeated name once for each time, as documented for raw
# headers, but only if no header was set before. After any `setHeader`, also of another name, only the last value of a repeated name is
# sent. Express sets `X-Powered-By` before each handler, so a handler that forwards another server's raw headers loses all but the last
# `Set-Cookie` there, and works without Express.
# Node.js 24.21.0 sends both. Seen: with `setHeader("x-before", "1")` the response has "b=2"; without it "a=1" and "b=2".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact node@20.20.2
cat >case.mjs <<'PROGRAM'
import { createServer } from "node:http";
const server = createServer((request, response) => {
  if (request.url === "/before") response.setHeader("x-before", "1");
  response.writeHead(200, ["set-cookie", "a=1", "set-cookie", "b=2"]).end();
}).listen(0);
await new Promise((resolve) => server.once("listening", resolve));
for (const path of ["/", "/before"]) {
  const response = await fetch(`http://127.0.0.1:${server.address().port}${path}`);
  console.log(`${path}:`, response.headers.getSetCookie().join(" "));
}
server.close();
PROGRAM
node_modules/.bin/node case.mjs | tee seen.txt
diff seen.txt - <<'EXPECTED' && echo "still so with Node.js 20.20.2"
/: a=1 b=2
/before: b=2
EXPECTED
