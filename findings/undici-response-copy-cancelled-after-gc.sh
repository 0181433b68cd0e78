#!/usr/bin/env bash
# undici 7.16.0 and 6.24.1 (and the fetch of Node 20.20): `new Response(fetched.body, …)`, the usual way to change the headers of a fetched
# response, shares the stream but does not keep the fetched Response alive. If that one is garbage collected before anybody reads the copy, a
# FinalizationRegistry cancels the stream: the copy says `bodyUsed`, and reading it or copying it once more throws. A proxy that waits
# for something else between the fetch and the first read (a database, a log) loses responses now and then, under load only.
# Seen: the body when the fetched Response is kept, "Body is unusable: …" when only the copy is.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >case.mjs <<'PROGRAM'
import { createServer } from "node:http";
import { fetch, Response } from "undici";
const server = createServer((_, response) => response.end("body")).listen(0);
await new Promise((resolve) => server.once("listening", resolve));
const url = `http://127.0.0.1:${server.address().port}/`;
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
const kept = [];
async function outcome(copy) {
  const response = await copy();
  for (let round = 0; round < 5; round++) {
    await pause(40);
    globalThis.gc();
  }
  return `${response.bodyUsed} ${await response.text().catch((error) => error.message.split(":")[0])}`;
}
const fetched = async () => (await fetch(url));
console.log("fetched:", await outcome(fetched));
console.log("copied:", await outcome(async () => { const one = await fetched(); return new Response(one.body, one); }));
console.log("copied, the fetched one kept:", await outcome(async () => { const one = kept[kept.push(await fetched()) - 1]; return new Response(one.body, one); }));
server.close();
PROGRAM
for version in 7.16.0 6.24.1; do
  echo '{ "private": true, "type": "module" }' >package.json
  npm install --silent --no-audit --no-fund --save-exact "undici@$version"
  node --expose-gc case.mjs | tee seen.txt
  diff seen.txt - <<'EXPECTED' && echo "still so with undici@$version"
fetched: false body
copied: true Body is unusable
copied, the fetched one kept: false body
EXPECTED
done
