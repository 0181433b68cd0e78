// A visitor who disconnects from a gate in Node while the origin is still answering: the origin's connection ends too.
import assert from "node:assert/strict";
import { createServer, request as httpRequest } from "node:http";
import { after, before, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createSessionGate, nodeListener } from "../../dist/edge.js";
import { SECRET } from "../../../harness/origin.mjs";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

let origin, gate, calls, ended;
before(async () => {
  origin = await listen(
    createServer((incoming, response) => {
      calls++;
      incoming.resume();
      response.on("close", () => response.writableFinished || ended++);
    }),
  );
  const created = createSessionGate({ secret: SECRET, origin: origin.url, session: { cookieCache: { enabled: true } } });
  gate = await listen(createServer(nodeListener(created, () => Response.json(null))));
});
after(() => Promise.all([origin?.close(), gate?.close()]));

for (const pace of ["between two chunks", "before a chunk that never comes"]) {
  test(`disconnecting ${pace} cancels the app's body`, async () => {
    let cancelled = false;
    const app = () => {
      let timer;
      const start = (controller) => {
        controller.enqueue(new Uint8Array(1));
        if (pace === "between two chunks") timer = setInterval(() => controller.enqueue(new Uint8Array(1)), 20);
      };
      return new Response(new ReadableStream({ start, cancel: () => ((cancelled = true), clearInterval(timer)) }));
    };
    const options = { secret: SECRET, origin: origin.url, routes: { public: ["/**"] } };
    const streaming = await listen(createServer(nodeListener(createSessionGate(options), app)));
    try {
      const call = httpRequest(`${streaming.url}/stream`).on("error", () => {});
      call.on("response", (response) => response.on("error", () => {}).once("data", () => call.destroy()));
      call.end();
      await eventually(() => cancelled);
    } finally {
      await streaming.close();
    }
  });
}

for (const method of ["GET", "POST"]) {
  test(`${method}: disconnecting ends the forwarded request, after a garbage collection too`, async () => {
    calls = ended = 0;
    const call = httpRequest(`${gate.url}/api/auth/some-plugin`, { method, headers: { origin: gate.url } }).on("error", () => {});
    call.end(method === "POST" ? "{}" : undefined);
    await eventually(() => calls === 1);
    for (let round = 0; round < 5; round++) {
      await pause(20);
      collectGarbage();
    }
    call.destroy();
    await eventually(() => ended === 1);
  });
}

async function eventually(holds) {
  for (let tries = 0; tries < 100 && !holds(); tries++) await pause(30);
  assert.ok(holds(), "within 3 s");
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function listen(server) {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections()));
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}
