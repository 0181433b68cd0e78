#!/usr/bin/env bash
# workerd 1.20260426.1: two Cookie fields of one request (which HTTP/2 clients send, RFC 9113 8.2.3, and proxies pass on as separate lines)
# are joined with ", " by Headers.get. RFC 9113 asks for "; ", which is what Node 20 does, and a parser that splits at ";" reads one cookie
# whose value swallows the next.
# Seen: "a=1, b=2" in workerd for fields received and appended; "a=1; b=2" in Node.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact miniflare@4.20260426.0
cat >case.mjs <<'PROGRAM'
import { connect } from "node:net";
import { Miniflare } from "miniflare";
const script = `export default { fetch(request) {
  const headers = new Headers();
  headers.append("cookie", "a=1");
  headers.append("cookie", "b=2");
  return Response.json([request.headers.get("cookie"), headers.get("cookie")]);
} }`;
const workerd = new Miniflare({ modules: true, cf: false, compatibilityDate: "2026-04-01", script });
const { hostname, port } = await workerd.ready;
const answer = await new Promise((resolve) => {
  let text = "";
  const socket = connect(port, hostname, () => socket.write("GET / HTTP/1.1\r\nHost: x\r\nCookie: a=1\r\nCookie: b=2\r\nConnection: close\r\n\r\n"));
  socket.on("data", (chunk) => (text += chunk)).on("end", () => resolve(text.split("\r\n\r\n")[1]));
});
const [received, appended] = JSON.parse(answer);
console.log(`workerd, received: ${received}`);
console.log(`workerd, appended: ${appended}`);
const headers = new Headers();
headers.append("cookie", "a=1");
headers.append("cookie", "b=2");
console.log(`node, appended: ${headers.get("cookie")}`);
await workerd.dispose();
PROGRAM
node case.mjs | tee seen.txt
diff seen.txt - <<'EXPECTED' && echo "still so with miniflare@4.20260426.0"
workerd, received: a=1, b=2
workerd, appended: a=1, b=2
node, appended: a=1; b=2
EXPECTED
