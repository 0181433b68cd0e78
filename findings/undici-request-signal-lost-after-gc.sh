#!/usr/bin/env bash
# undici 7.16.0 (and the fetch of Node 20.20): a signal given to `new Request(url, { signal })` no longer ends `fetch(request)` once the
# Request was garbage collected, although the caller still holds the controller and the fetch is in flight: the Request follows its signal
# through a weak reference. The same signal given to fetch itself works, beside such a Request too. A proxy that rebuilds requests
# therefore goes on with requests that its visitors gave up. undici 6.21.3 is not affected.
# Seen: "late" (the full response, 1.5 s later) for `fetch(new Request(url, { signal }))`; AbortError for the other forms.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact undici@7.16.0
cat >case.mjs <<'PROGRAM'
import { createServer } from "node:http";
import { fetch, Request } from "undici";
const server = createServer((_, response) => setTimeout(() => response.end("late"), 1500)).listen(0);
await new Promise((resolve) => server.once("listening", resolve));
const url = `http://127.0.0.1:${server.address().port}/`;
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
const kept = [];
async function outcome(send) {
  const controller = new AbortController();
  const body = send(controller.signal).then((response) => response.text());
  const result = body.catch((error) => error.name);
  for (let round = 0; round < 5; round++) {
    await pause(40);
    globalThis.gc();
  }
  controller.abort();
  return result;
}
console.log("fetch(url, { signal }):", await outcome((signal) => fetch(url, { signal })));
console.log("fetch(new Request(url, { signal })):", await outcome((signal) => fetch(new Request(url, { signal }))));
console.log("the same, the Request kept:", await outcome((signal) => fetch(kept[kept.push(new Request(url, { signal })) - 1])));
console.log("the same, { signal } passed again:", await outcome((signal) => fetch(new Request(url, { signal }), { signal })));
server.close();
PROGRAM
node --expose-gc case.mjs | tee seen.txt
diff seen.txt - <<'EXPECTED' && echo "still so with undici@7.16.0"
fetch(url, { signal }): AbortError
fetch(new Request(url, { signal })): late
the same, the Request kept: AbortError
the same, { signal } passed again: AbortError
EXPECTED
