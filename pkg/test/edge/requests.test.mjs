// Methods, headers, cookies and bodies from visitors: none bypasses or breaks the gate.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { echo, listen } from "../../../harness/server.mjs";
import { cookieHeader, tokenPair } from "./mint.mjs";
import { until } from "./odd-origin.mjs";
import { raw } from "./raw.mjs";
import { startGates } from "./support.mjs";

const options = { routes: { public: ["/public/**"] } };
let server, gates;
before(async () => {
  server = await listen();
  server.setHandler(echo);
  gates = await startGates({ url: `http://127.0.0.1:${server.port}` }, { behind: { options }, inside: { options, APP: "here" } });
});
after(async () => {
  await gates?.close();
  await server?.close();
});

const doors = () => [gates.behind, gates.inside];
const signedIn = () => [["cookie", cookieHeader()]];

test("each method requires a session, in any case of letters", async () => {
  for (const { url } of doors()) {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "PROPFIND"]) {
      const stranger = await raw(url, "/account", { method });
      assert.equal(stranger.status, 401, method);
      if (method === "HEAD") assert.equal(stranger.body, "");
      assert.equal((await raw(url, "/account", { method, headers: signedIn() })).status, 200, method);
    }
    for (const method of ["get", "GeT", "hEAD", "Options", "GET\t", "X", "TRACE", "G\u00c9T"]) {
      const { status, body } = await raw(url, "/account", { method });
      assert.ok([400, 401, 501].includes(status), `${method}: ${status} ${body}`);
      const known = await raw(url, "/account", { method, headers: signedIn() });
      assert.ok([200, 400, 501].includes(known.status), `${method}: ${known.status} ${known.body}`);
    }
  }
});

test("no header changes the method or path of the request", async () => {
  const overrides = [
    "x-http-method-override",
    "x-http-method",
    "x-method-override",
    "x-original-url",
    "x-rewrite-url",
    "x-forwarded-path",
    "x-forwarded-prefix",
    "x-original-uri",
  ];
  for (const { url } of doors()) {
    for (const name of overrides) {
      assert.equal((await raw(url, "/account", { headers: [[name, "/public/"]] })).status, 401, name);
      assert.equal((await raw(url, "/account", { headers: [[name, "OPTIONS"]] })).status, 401, name);
    }
    for (const [name, value] of [
      ["host", "public"],
      ["x-forwarded-for", "127.0.0.1"],
      ["x-real-ip", "127.0.0.1"],
      ["forwarded", "for=127.0.0.1"],
      ["upgrade", "websocket"],
      ["purpose", "prefetch"],
      ["sec-purpose", "prefetch"],
      ["x-matched-path", "/public"],
    ]) {
      const { status } = await raw(url, "/account", { headers: [[name, value]] });
      assert.ok([400, 401].includes(status), `${name}: ${status}`);
    }
  }
});

test("the visitor's headers do not change the lookup of the gate", async () => {
  const bent = [
    ["x-http-method-override", "DELETE"],
    ["content-type", "application/json"],
    ["if-none-match", "*"],
    ["range", "bytes=0-0"],
    ["accept", "text/html"],
  ];
  server.requests.length = 0;
  assert.equal(
    (await raw(gates.behind.url, "/account", { headers: [["cookie", tokenPair()], ...bent] })).status,
    503,
    "an echo is no session",
  );
  const { method, url, headers } = server.requests[0];
  assert.equal(`${method} ${url} ${headers.accept}`, "GET /api/auth/get-session application/json");
  for (const [name] of bent.slice(0, 4)) assert.equal(headers[name], undefined, name);
});

test("identity headers from visitors are not forwarded", async () => {
  const forged = [
    "x-better-session-identity",
    "x-original-url",
    "X-Rewrite-Url",
    "x_original_uri",
    "X-Better_Session-Identity",
    "x_better_session_identity",
    "x-better-session-user",
    "x-middleware-subrequest",
    "X-Middleware-Rewrite",
    "x_middleware_subrequest",
  ];
  const headers = forged.map((name) => [name, "forged-by-a-visitor"]);
  for (const { url } of doors()) {
    for (const path of ["/public/x", "/account", "/api/auth/list-sessions"]) {
      if (path !== "/account") assert.doesNotMatch((await raw(url, path, { headers })).body, /forged-by/, path);
      const { status, body } = await raw(url, path, { headers: [...signedIn(), ...headers] });
      assert.equal(status, 200, body);
      assert.doesNotMatch(body, /forged-by/, path);
    }
    assert.equal((await raw(url, "/account", { headers })).status, 401);
  }
});

test("a session among a hundred cookies is found", async () => {
  const crowd = Array.from({ length: 100 }, (_, i) => `cookie-${i}=${"v".repeat(20)}`).join("; ");
  for (const { url } of doors()) {
    assert.equal((await raw(url, "/account", { headers: [["cookie", `${crowd}; ${cookieHeader()}`]] })).status, 200);
    assert.equal((await raw(url, "/account", { headers: [["cookie", crowd]] })).status, 401);
  }
});

test("headers of 128 KiB are handled", async () => {
  const big = (bytes) => "x".repeat(bytes);
  const inCookies = {
    stranger: [["cookie", `a=${big(127 * 1024)}`]],
    stale: [["cookie", `better-auth.session_data=${big(127 * 1024)}; ${tokenPair()}`]],
    known: [["cookie", `a=${big(126 * 1024)}; ${cookieHeader()}`]],
  };
  const beside = [[["x-big", big(127 * 1024)]], Array.from({ length: 16 }, (_, i) => [`x-${i}`, big(8000)])];
  const cases = [
    ...Object.entries(inCookies),
    ...beside.flatMap((headers) => [
      ["stranger", headers],
      ["known", [...signedIn(), ...headers]],
    ]),
  ];
  // Behind, inside. The gate reads them all; 431 is the origin's word, Node takes 16 KiB. Asked for a session it says so as
  // well, which is no answer: 503.
  const account = { stranger: [401, 401], stale: [503, 503], known: [431, 200] };
  const session = { stranger: [431, 431], stale: [431, 431], known: [200, 200] };
  for (const [who, headers] of cases) {
    for (const [path, expected] of [
      ["/account", account[who]],
      ["/public/x", [431, 200]],
      ["/api/auth/get-session", session[who]],
    ]) {
      const statuses = [];
      for (const { url } of doors()) statuses.push((await raw(url, path, { headers })).status);
      assert.deepEqual(statuses, expected, `${who}, ${headers[0][0]}, ${path}`);
    }
  }
});

const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");
const bodies = [Buffer.alloc(0), randomBytes(10 * 1024 * 1024)];

test("an empty body and one of 10 MB are forwarded byte for byte", async () => {
  server.setHandler(async (request, response) => {
    const hash = createHash("sha256");
    for await (const chunk of request) hash.update(chunk);
    response.setHeader("content-type", "text/plain");
    response.end(hash.digest("hex"));
  });
  try {
    for (const bytes of bodies) {
      for (const path of ["/api/auth/upload", "/account"]) {
        const response = await fetch(gates.behind.url + path, { method: "POST", body: bytes, headers: { cookie: cookieHeader() } });
        assert.equal(await response.text(), digest(bytes), `${path}, ${bytes.length} bytes`);
      }
    }
  } finally {
    server.setHandler(echo);
  }
});

test("an empty body and one of 10 MB reach the app in the Worker byte for byte", async () => {
  for (const bytes of bodies) {
    for (const path of ["/public/upload?digest", "/account?digest"]) {
      const response = await fetch(gates.inside.url + path, { method: "POST", body: bytes, headers: { cookie: cookieHeader() } });
      const seen = await response.json();
      assert.deepEqual([response.status, seen.length, seen.sha256], [200, bytes.length, digest(bytes)], `${path}, ${bytes.length} bytes`);
    }
  }
});

test("bodies are streamed in both directions", async () => {
  let arrived = "";
  let answering;
  server.setHandler((request, response) => {
    request.on("data", (chunk) => void (arrived += chunk));
    response.writeHead(200, { "content-type": "text/plain" });
    answering = response;
    response.write("first ");
  });
  try {
    let sending;
    const body = new ReadableStream({ start: (controller) => void (sending = controller) }).pipeThrough(new TextEncoderStream());
    const pending = fetch(`${gates.behind.url}/api/auth/stream`, { method: "POST", body, duplex: "half" });
    sending.enqueue("up ");
    await until(() => arrived === "up ", "the first piece of the request");
    sending.enqueue("and on");
    sending.close();
    const reader = (await pending).body.pipeThrough(new TextDecoderStream()).getReader();
    assert.equal((await reader.read()).value, "first ");
    answering.end("last");
    assert.equal((await reader.read()).value, "last");
    await until(() => arrived === "up and on", "the rest of the request");
  } finally {
    server.setHandler(echo);
  }
});

test("each Set-Cookie of the origin stays a separate header", async () => {
  const lines = ["a=1; Expires=Wed, 21 Oct 2065 07:28:00 GMT; Path=/", "b=2; HttpOnly", "a=3; Path=/x", "c="];
  server.setHandler((_, response) => response.writeHead(201, "Made", { "set-cookie": lines, "content-type": "text/plain" }).end("ok"));
  try {
    for (const path of ["/api/auth/any", "/public/x", "/account"]) {
      const response = await fetch(gates.behind.url + path, { headers: { cookie: cookieHeader() } });
      assert.deepEqual(response.headers.getSetCookie(), lines, path);
      assert.equal(response.status, 201);
    }
  } finally {
    server.setHandler(echo);
  }
});
