// Bodies that are cut off on the way through a gate in Node: the visitor notices, and the process continues.
import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { after, before, test } from "node:test";
import { createSessionGate, nodeListener } from "../../dist/edge.js";
import { SECRET } from "../../../harness/origin.mjs";

const unhandled = [];
let origin, server, released;
before(async () => {
  process.on("unhandledRejection", note);
  origin = await listen((_request, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    response.write("the first half");
    released = () => response.destroy();
  });
  const gate = createSessionGate({ secret: SECRET, origin: origin.url, routes: { public: ["/open"] } });
  server = await listen(nodeListener(gate, undefined, { onError() {} }));
});
after(async () => {
  process.off("unhandledRejection", note);
  await Promise.all([server.close(), origin.close()]);
});

test("an origin that cuts off a response: the gate cuts it off too", async () => {
  const seen = await fetchHalf((_response) => released());
  assert.deepEqual(seen, { text: "the first half", whole: false });
  assert.deepEqual(unhandled, []);
});

test("a visitor who disconnects in the middle of a response does not affect others", async () => {
  const seen = await fetchHalf((response) => response.destroy());
  assert.equal(seen.whole, false);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.deepEqual(unhandled, []);
  assert.equal((await fetch(`${server.url}/closed`)).status, 401, "it still answers");
});

function note(error) {
  unhandled.push(String(error));
}

/** GET /open; `then` happens once the first half is there. */
function fetchHalf(then) {
  return new Promise((resolve, reject) => {
    const call = request(`${server.url}/open`, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
        then(response);
      });
      response.on("error", () => {});
      response.on("close", () => resolve({ text, whole: response.complete }));
    });
    call.on("error", reject).end();
  });
}

async function listen(handler) {
  const http = createServer(handler);
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  const close = () => new Promise((resolve) => (http.close(resolve), http.closeAllConnections()));
  return { url: `http://127.0.0.1:${http.address().port}`, close };
}
