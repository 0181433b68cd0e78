// Requests and responses that pass through the gate: bodies that a framework has read before it, duplex streams, status texts,
// abort signals; and failures, which reject `gate.fetch` only if `next` failed.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import http from "node:http";
import { after, before, test } from "node:test";
import express from "express";
import { Hono } from "hono";
import { createSessionGate, honoGate, memoryFeed, nodeListener } from "../../dist/edge.js";
import { SITE, signedUp, startInMemory } from "./in-memory.mjs";

const PAYLOAD = '{"amount" : 1.0, "name":"Zoë"}'; // JSON.stringify would write it in another way
const sign = (bytes) => createHmac("sha256", "webhook").update(bytes).digest("hex");
const SIGNATURE = sign(PAYLOAD);

const opened = [];
const listen = (handler) =>
  new Promise((resolve) => {
    const server = http.createServer(handler).listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${server.address().port}`));
    opened.push(server);
  });

let server, jar, origin, received;
before(async () => {
  server = startInMemory();
  ({ jar } = await signedUp((request) => server.auth.handler(request)));
  origin = {
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname !== "/api/auth/stripe/webhook" && pathname !== "/hook") return server.auth.handler(request);
      const bytes = Buffer.from(await request.arrayBuffer());
      received = { headers: request.headers, bytes };
      return new Response(null, { status: sign(bytes) === request.headers.get("x-signature") ? 200 : 400 });
    },
  };
});
after(() => opened.forEach((server) => (server.closeAllConnections(), server.close())));

const routes = { public: ["/hook", "/read", "/public"] };
const gateOf = (more = {}) => createSessionGate({ ...server.options, origin, routes, hiddenFields: {}, ...more });
const post = (url, headers = {}, body = PAYLOAD) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "x-signature": SIGNATURE, ...headers },
    body,
    duplex: "half",
  });
const outcome = async (response) => [response.status, response.status < 400 ? null : (await response.json()).code];

const keepRaw = express.json({ verify: (request, _, bytes) => void (request.rawBody = bytes) });
const PARSERS = {
  "no parser": [[], 200],
  "express.raw": [[express.raw({ type: "*/*" })], 200],
  "express.text": [[express.text({ type: "*/*" })], 200],
  "express.json that keeps rawBody": [[keepRaw], 200],
  "express.json": [[express.json()], 500],
};

for (const [name, [parsers, status]] of Object.entries(PARSERS)) {
  test(`${name} before the gate: a signed webhook is forwarded byte for byte, or refused as BODY_ALREADY_READ`, async () => {
    for (const revocation of [undefined, { feed: memoryFeed() }]) {
      const app = express();
      for (const parser of parsers) app.use(parser);
      app.use(nodeListener(gateOf({ revocation })));
      const url = await listen(app);
      for (const path of ["/api/auth/stripe/webhook", "/hook"]) {
        received = undefined;
        assert.deepEqual(await outcome(await post(url + path)), status === 200 ? [200, null] : [500, "BODY_ALREADY_READ"], path);
        if (status === 200) assert.equal(received.bytes.toString(), PAYLOAD);
        else assert.equal(received, undefined, "nothing was forwarded");
      }
    }
  });
}

test("a compressed body that a parser has inflated is forwarded without the header of its compression", async () => {
  const app = express().use(keepRaw, nodeListener(gateOf()));
  const { gzipSync } = await import("node:zlib");
  assert.deepEqual(await outcome(await post(`${await listen(app)}/hook`, { "content-encoding": "gzip" }, gzipSync(PAYLOAD))), [200, null]);
  assert.equal(received.headers.get("content-encoding"), null);
});

test("a body that only a parsed value is left of: requests without a body and apps that do not read it are served", async () => {
  const app = express().use(
    express.json(),
    nodeListener(gateOf(), async (request) => {
      if (new URL(request.url).pathname === "/public") return new Response("served");
      return new Response(await request.text().catch((error) => `${error.name} ${error.code}`));
    }),
  );
  const url = await listen(app);
  assert.equal(await (await post(`${url}/public`)).text(), "served");
  assert.equal(await (await post(`${url}/read`)).text(), "BetterSessionError BODY_ALREADY_READ");
  for (const type of ["application/json", undefined]) {
    const init = { method: "POST", headers: { origin: SITE, "content-length": "0", ...(type ? { "content-type": type } : {}) } };
    const alone = await server.auth.handler(new Request(`${SITE}/api/auth/sign-out`, init));
    const { status } = await fetch(`${url}/api/auth/sign-out`, init);
    assert.equal(status, alone.status, "an empty body is not lost");
  }
});

test("a request whose body was read before gate.fetch is BODY_ALREADY_READ, and never a rejection", async () => {
  for (const revocation of [undefined, { feed: memoryFeed() }]) {
    const gate = gateOf({ revocation });
    for (const spoil of [(request) => request.text(), (request) => void request.body.getReader()]) {
      for (const path of ["/api/auth/sign-in/email", "/hook"]) {
        const request = new Request(SITE + path, { method: "POST", body: PAYLOAD });
        await spoil(request);
        assert.deepEqual(await outcome(await gate.fetch(request)), [500, "BODY_ALREADY_READ"], path);
      }
    }
  }
});

test("Hono: a body that a middleware has read is forwarded from Hono's copy of its bytes", async () => {
  for (const [read, expected] of [
    [(c) => c.req.json(), [200, null]],
    [(c) => c.req.text(), [200, null]],
    [(c) => c.req.arrayBuffer(), [200, null]],
    [(c) => c.req.raw.text(), [500, "BODY_ALREADY_READ"]],
  ]) {
    const app = new Hono();
    app.use(async (c, next) => (await read(c), next()));
    app.use(honoGate(gateOf()));
    const headers = { "x-signature": SIGNATURE, "content-length": String(Buffer.byteLength(PAYLOAD)) };
    const response = await app.request("/api/auth/stripe/webhook", { method: "POST", headers, body: PAYLOAD });
    assert.deepEqual(await outcome(response), expected, String(read));
    if (expected[0] === 200) assert.equal(received.bytes.toString(), PAYLOAD);
  }
});

test("a status text, and a duplex stream that answers each chunk before the next is sent, pass through Node", async () => {
  const echo = async (request) =>
    new Response(
      request.body?.pipeThrough(
        new TransformStream({ transform: (chunk, controller) => controller.enqueue(Buffer.from(`<${Buffer.from(chunk)}>`)) }),
      ),
      {
        status: 218,
        statusText: "This Is Fine",
      },
    );
  const url = await listen(nodeListener(gateOf(), echo));
  const answers = [];
  await new Promise((resolve, reject) => {
    const request = http.request(`${url}/account`, { method: "POST", headers: { cookie: jar.header() } }, (response) => {
      assert.deepEqual([response.statusCode, response.statusMessage], [218, "This Is Fine"]);
      assert.match(response.headers["cache-control"], /private/);
      response.on("data", (chunk) => {
        answers.push(String(chunk));
        if (answers.length < 3) request.write(`${answers.length}`);
        else request.end();
      });
      response.on("end", resolve);
    });
    request.on("error", reject);
    request.write("0");
  });
  assert.deepEqual(answers, ["<0>", "<1>", "<2>"]);
});

test("the signal of a request aborts the app's copy, and the app may abort nothing else", async () => {
  const controller = new AbortController();
  let copy;
  await gateOf().fetch(
    new Request(`${SITE}/account`, { headers: { cookie: jar.header() }, signal: controller.signal }),
    undefined,
    async (request) => ((copy = request), new Response()),
  );
  assert.equal(copy.signal.aborted, false);
  controller.abort(new Error("gone"));
  assert.equal(copy.signal.aborted, true);
});

test("gate.fetch rejects only if next does, with what it threw", async () => {
  const silent = console.error;
  const logged = [];
  console.error = (...parts) => logged.push(parts);
  try {
    const broken = () => {
      throw new Error("broken");
    };
    const account = (ctx) => [new Request(`${SITE}/account`, { headers: { cookie: jar.clone().dropCache().header() } }), ctx];
    const sync = { fetch: broken };
    for (const [options, ctx] of [
      [{ clientAddress: broken }, undefined],
      [{ origin: sync }, undefined],
      [{ cors: { origins: broken } }, { waitUntil: broken }],
      [{ revocation: { feed: { append: broken, since: broken } } }, undefined],
      [{ customSession: broken }, { remoteAddr: null, requestIP: broken }],
      [{ session: { cookieCache: { enabled: true, version: broken } } }, undefined],
    ]) {
      for (const path of ["/account", "/api/auth/get-session", "/api/auth/list-sessions", "/public"]) {
        const [request] = account();
        const response = await gateOf(options).fetch(new Request(SITE + path, request), ctx);
        assert.ok(response instanceof Response, `${Object.keys(options)} ${path}`);
      }
    }
    const error = new Error("of the app");
    for (const next of [
      () => Promise.reject(error),
      () => {
        throw error;
      },
    ]) {
      await assert.rejects(gateOf().fetch(...account(undefined), next), (thrown) => thrown === error);
    }
    for (const nothing of [undefined, null, "text", {}]) {
      await assert.rejects(
        gateOf().fetch(...account(undefined), async () => nothing),
        /next must return a Response/,
      );
    }
  } finally {
    console.error = silent;
  }
});
