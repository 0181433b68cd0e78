// nodeListener on node:http2, with a real origin, and openIdentity of node's own requests.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import http2 from "node:http2";
import { after, before, test } from "node:test";
import { createSessionGate, nodeListener, openIdentity } from "better-session/edge";
import { SECRET, signUp, startOrigin } from "../../../harness/origin.mjs";
import { cookieHeader } from "./mint.mjs";

let origin, app, server, session, warned;
const seen = [];
before(async () => {
  process.on("warning", (warned = (warning) => seen.push(String(warning))));
  // The server behind the gate reads the identity from node's own request.
  const open = (request, response) => {
    const identity = openIdentity(request, { secret: SECRET });
    response.setHeader("set-cookie", ["a=1", "b=2"]);
    response.setHeader("connection", request.url === "/upgradable" ? "Upgrade, Keep-Alive" : "keep-alive");
    // As Apache offers HTTP/2 by default.
    if (request.url === "/upgradable") response.setHeader("upgrade", "h2,h2c");
    response.writeHead(200, "Just so").end(JSON.stringify({ name: identity?.user.name ?? null, headers: request.headers }));
  };
  origin = await startOrigin({ app: open });
  const gate = createSessionGate({ secret: SECRET, session: { cookieCache: { enabled: true } }, hiddenFields: {}, origin: origin.url });
  server = http2.createServer(nodeListener(gate));
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  session = http2.connect(`http://127.0.0.1:${server.address().port}`);
  app = open;
});
after(() => {
  process.off("warning", warned);
  session?.close();
  server?.close();
  return origin?.close();
});

/** Sends a request with one `cookie` field for each cookie, as browsers do. */
function send(path, cookies = [], { body, ...headers } = {}) {
  return new Promise((resolve, reject) => {
    const fields = {
      ":path": path,
      ":method": body === undefined ? "GET" : "POST",
      ...headers,
      ...(cookies.length ? { cookie: cookies } : {}),
    };
    const stream = session.request(fields);
    let text = "";
    let head;
    stream.setEncoding("utf8");
    stream.on("response", (fields) => (head = fields));
    stream.on("data", (chunk) => (text += chunk));
    stream.on("end", () => resolve({ status: head[":status"], headers: head, body: text ? JSON.parse(text) : null }));
    stream.on("error", reject);
    stream.end(body);
  });
}

test("a session in several cookie fields is recognised, and the app behind the origin gets it", async () => {
  const jar = await signUp(origin);
  const cookies = ["theme=dark", ...jar.header().split("; "), "last=1"];
  const { status, body, headers } = await send("/account?x=1", cookies);
  assert.equal(status, 200);
  assert.equal(body.name, "Ada Lovelace");
  assert.equal(body.headers.cookie, cookies.join("; "));
  assert.ok(Object.keys(body.headers).every((name) => !name.startsWith(":")));
  assert.deepEqual(headers["set-cookie"], ["a=1", "b=2"]);
  assert.equal(headers.connection, undefined);
  const stranger = await send("/account");
  assert.deepEqual([stranger.status, stranger.body.code], [401, "UNAUTHORIZED"]);
});

test("headers of the origin's connection do not reach the visitor's", async () => {
  const jar = await signUp(origin);
  const { status, headers } = await send("/upgradable", jar.header().split("; "));
  assert.deepEqual([status, headers.upgrade, headers.connection], [200, undefined, undefined]);
});

test("a response that cannot be sent is a 500 without its headers, and the server lives on", async () => {
  const errors = [];
  const broken = () => new Response("x", { headers: { "x-own": "1", "http2-settings": "AAMAAABk", "connection": "x", "te": "gzip" } });
  const failing = () => {
    const response = broken();
    Object.defineProperty(response, "status", { value: 1000 });
    return response;
  };
  for (const [next, expected] of [
    [broken, 200],
    [failing, 500],
  ]) {
    const options = { secret: SECRET, origin: origin.url, routes: { public: ["/**"] } };
    const listener = nodeListener(createSessionGate(options), async () => next(), { onError: (error) => void errors.push(error) });
    const other = http2.createServer(listener);
    await new Promise((listening) => other.listen(0, "127.0.0.1", listening));
    const client = http2.connect(`http://127.0.0.1:${other.address().port}`);
    try {
      const head = await new Promise((resolve, reject) =>
        client.request({ ":path": "/" }).on("response", resolve).on("error", reject).end(),
      );
      assert.deepEqual([head[":status"], head["x-own"]], [expected, expected === 200 ? "1" : undefined]);
    } finally {
      client.destroy();
      other.close();
    }
  }
  assert.equal(errors.length, 1);
});

test("the auth API works, with every Set-Cookie", async () => {
  const email = `h2-${process.pid}@example.com`;
  const body = JSON.stringify({ name: "Grace", email, password: "correct horse battery staple" });
  const signedUp = await send("/api/auth/sign-up/email", [], { body, "content-type": "application/json", "origin": origin.url });
  assert.equal(signedUp.status, 200, JSON.stringify(signedUp.body));
  const cookies = signedUp.headers["set-cookie"].map((line) => line.split(";")[0]);
  assert.equal(cookies.length, 2);
  assert.equal((await send("/api/auth/get-session", cookies)).body.user.email, email);
  assert.equal((await send("/account", [cookies.find((pair) => pair.includes("session_token"))])).body.name, "Grace");
});

test("a host that is none is refused, and no warning was written", async () => {
  assert.equal((await send("/account", [], { ":authority": "somebody@app.example" })).status, 400);
  assert.deepEqual(seen, []);
});

test("openIdentity takes what verify takes: Headers, IncomingMessage, and the URL before a router shortened it", async () => {
  const cookie = cookieHeader();
  let request;
  const gate = createSessionGate({
    secret: SECRET,
    session: { cookieCache: { enabled: true } },
    origin: { fetch: (forwarded) => ((request = forwarded), new Response("ok")) },
  });
  await gate.fetch(new Request("http://app.example/mounted/page?x=1", { headers: { cookie } }));
  const { headers } = request;
  const plain = Object.fromEntries(headers);
  const open = (source, options = {}) => openIdentity(source, { secret: SECRET, ...options })?.user.id ?? null;
  assert.equal(open(request), "u1");
  assert.equal(open(headers, { path: "/mounted/page" }), "u1");
  assert.equal(open(headers), null, "Headers have no path");
  assert.equal(open({ method: "GET", url: "/mounted/page?x=1", headers: plain }), "u1");
  assert.equal(open({ method: "GET", url: "/page", originalUrl: "/mounted/page", headers: plain }), "u1");
  assert.equal(open({ method: "POST", url: "/mounted/page", headers: plain }), null);
  assert.equal(open(headers, { path: "/mounted/page", method: "POST" }), null);
  for (const source of ["", cookie, new Headers(), {}, { headers: {} }]) assert.equal(open(source, { path: "/mounted/page" }), null);
});

test("a cookie of 9 kB reaches a server in Node, which accepts 16 KiB of headers", async () => {
  const strategies = ["compact", "jwe"];
  const through = createServer((request, response) => app(request, response));
  await new Promise((listening) => through.listen(0, "127.0.0.1", listening));
  try {
    for (const strategy of strategies) {
      const options = { session: { cookieCache: { enabled: true, strategy } } };
      const cookie = cookieHeader({ user: { bio: "x".repeat(strategy === "jwe" ? 5800 : 5800) }, options });
      assert.ok(cookie.length > 7500, String(cookie.length));
      const gate = createSessionGate({ secret: SECRET, ...options, origin: `http://127.0.0.1:${through.address().port}` });
      const response = await gate.fetch(new Request("http://app.example/account", { headers: { cookie } }));
      assert.equal(response.status, 200, strategy);
      const { name, headers } = await response.json();
      assert.equal(name, "Ada Lovelace");
      assert.ok(headers["x-better-session-identity"].length < 500);
    }
  } finally {
    through.close();
  }
});
