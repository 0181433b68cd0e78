// `graceWhenOriginIsDown` is for an origin that is down for everybody: no visitor can make a healthy one look so.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { call, signUp } from "../../../harness/origin.mjs";
import { cookieHeader } from "../edge/mint.mjs";
import { inBoth, startInBoth } from "./support.mjs";

/** Replaces the origin's responses, by path below /api/auth; "*" stands for all. */
const faults = {};
const started = {};
before(async () => {
  const answer = async (request, response) => {
    const fault = faults[new URL(request.url, "http://origin").pathname.replace("/api/auth", "")] ?? faults["*"];
    if (!fault) return false;
    await fault(request, response);
    return true;
  };
  const routes = { public: ["/public/**"] };
  started.plain = await startInBoth({
    origin: { before: answer },
    gate: { graceWhenOriginIsDown: 600, originTimeout: 600, routes },
    app: true,
  });
  const rateLimit = { enabled: true, window: 60, max: 3 };
  started.limited = await startInBoth({
    origin: { auth: { rateLimit } },
    gate: { graceWhenOriginIsDown: 600, trustProxy: true },
    app: true,
  });
  const baseURL = { allowedHosts: ["app.example"], protocol: "http" };
  const auth = { baseURL, advanced: { trustedProxyHeaders: true }, rateLimit };
  const gate = { graceWhenOriginIsDown: 600, baseURL, trustProxy: true };
  started.dynamic = await startInBoth({ origin: { auth }, gate, app: true });
});
after(() => Promise.all(Object.values(started).map(({ close }) => close())));

const status =
  (code, body = "{}") =>
  (_, response) =>
    response.writeHead(code, { "content-type": "application/json" }).end(body);
const hangUp = (request) => request.socket.destroy();
const silence = () => new Promise(() => {});
const junk = (bytes) => "x".repeat(bytes);

/** A session that the origin has deleted, with a genuine cache whose window passed 100 s ago. */
async function deleted({ origin }) {
  const jar = await signUp(origin);
  const at = Date.now() - 400_000;
  const cookie = cookieHeader({ at, session: { token: jar.token, userId: jar.user.id }, user: { id: jar.user.id } });
  assert.equal((await call(origin, jar, "/revoke-sessions", { body: {} })).status, 200);
  return cookie;
}

/** A session that the origin never had, or no longer has: another one each time, since what is missing is remembered. */
const unknown = () => cookieHeader({ at: Date.now() - 400_000, session: { token: randomBytes(24).toString("base64url") } });

async function visit(gate, cookie, headers = {}) {
  const response = await fetch(`${gate.url}/account`, { headers: { cookie, ...headers } });
  return { status: response.status, retryAfter: response.headers.get("retry-after"), body: await response.json() };
}

const lookups = ({ requests }) => requests.filter(({ path }) => path === "/api/auth/get-session");
const probes = ({ requests }) => requests.filter(({ path }) => path === "/api/auth/ok");
/** Longer than the result of a probe is shared. */
const forget = () => new Promise((later) => setTimeout(later, 1100));

inBoth(
  "20 kB of headers or foreign cookies do not reach the lookup, and a deleted session is out",
  () => started.plain,
  async (gate) => {
    const { origin } = started.plain;
    const cookie = await deleted(started.plain);
    const big = runtimeBound(gate);
    assert.equal((await visit(gate, cookie, { "x-junk": junk(big) })).status, 401);
    assert.equal((await visit(gate, `a=${junk(big)}; ${unknown()}`)).status, 401);
    assert.equal(
      (await visit(gate, unknown(), { accept: "text/html", "if-none-match": junk(3000), "x-junk": junk(3000), "user-agent": junk(3000) }))
        .status,
      401,
    );
    const { headers } = lookups(origin).at(-1);
    assert.equal(headers["user-agent"].length, 1024);
    const allowed = [
      "accept",
      "accept-encoding",
      "accept-language",
      "cookie",
      "user-agent",
      "x-forwarded-for",
      "x-forwarded-host",
      "x-forwarded-proto",
      "host",
      "cf-worker",
      "connection",
      "cache-control",
      "pragma",
      "sec-fetch-mode",
    ];
    assert.deepEqual(
      Object.keys(headers).filter((name) => !allowed.includes(name)),
      [],
    );
    assert.match(headers["cache-control"], /no-cache/, "uncached");
  },
);

inBoth(
  "a lookup carries the session's cookies and credentials, and a renewal reaches the browser",
  () => started.plain,
  async (gate) => {
    const { origin } = started.plain;
    const jar = (await signUp(origin)).dropCache();
    const device = `better-auth.session_token_multi-${jar.token.toLowerCase()}=x`;
    const response = await fetch(`${gate.url}/account`, {
      headers: { cookie: `theme=dark; ${jar.header()}; ${device}; better-auth.state=abc` },
    });
    assert.equal(response.status, 200);
    assert.match(response.headers.getSetCookie().join("\n"), /^better-auth\.session_data=/m);
    assert.equal(lookups(origin).at(-1).headers.cookie, `${jar.header()}; ${device}`);
    assert.match((await response.json()).headers.cookie, /theme=dark/, "the app sees all cookies");
    await visit(gate, jar.header(), { authorization: "Bearer a.b", "x-api-key": "k" });
    const { authorization, "x-api-key": key } = lookups(origin).at(-1).headers;
    assert.deepEqual([authorization, key], ["Bearer a.b", "k"]);
  },
);

// Node itself refuses such headers.
test("a credential of absurd length is not asked about, caches of absurd length stay behind [workerd]", async () => {
  const gate = started.plain.gates.find(({ runtime }) => runtime === "workerd");
  const before = lookups(started.plain.origin).length;
  const cookie = await deleted(started.plain);
  assert.equal((await visit(gate, cookie, { authorization: `Bearer ${junk(10_000)}` })).status, 503);
  assert.equal((await visit(gate, `${cookie}; better-auth.session_token_multi-a=${junk(70_000)}`)).status, 503);
  assert.equal(lookups(started.plain.origin).length, before);
  assert.equal((await visit(gate, `${cookie}; better-auth.account_data=${junk(70_000)}`)).status, 401);
  assert.equal(lookups(started.plain.origin).at(-1).headers.cookie, cookie.split("; ")[0]);
});

inBoth(
  "a lookup that fails for this visitor alone is a 503: refused by size, by rate, by anything but the origin's being down",
  () => started.plain,
  async (gate) => {
    const cookie = await deleted(started.plain);
    const closed = async (headerOrCookie, what) => {
      const { status, retryAfter, body } = await visit(gate, headerOrCookie);
      assert.deepEqual([status, retryAfter, body.code], [503, "5", "ORIGIN_UNAVAILABLE"], what);
    };
    // Node itself stops whoever sends so much.
    if (gate.runtime === "workerd") await closed(`${cookie}; better-auth.account_data=${junk(20_000)}`, "431 by the session's own cookies");
    for (const code of [400, 404, 413, 418, 429, 431, 500, 503]) {
      faults["/get-session"] = status(code);
      await closed(cookie, code);
    }
    faults["/get-session"] = status(200, "<html>");
    await closed(cookie, "garbage");
    faults["/get-session"] = hangUp;
    await closed(cookie, "hung up");
    delete faults["/get-session"];
  },
);

inBoth(
  "a header that is no credential cannot prevent a lookup by its length",
  () => started.plain,
  async (gate) => {
    const cookie = await deleted(started.plain);
    faults["*"] = status(503);
    await forget();
    assert.equal((await visit(gate, cookie)).status, 200, "the origin is down");
    delete faults["*"];
    for (const scheme of ["Basic ", "Bearer a."]) {
      assert.equal((await visit(gate, cookie, { authorization: scheme + junk(9000) })).status, 401, "the failed check is still shared");
    }
  },
);

inBoth(
  "any answer but a 5xx means that the origin is up",
  () => started.plain,
  async (gate) => {
    const cookie = await deleted(started.plain);
    faults["/get-session"] = status(500);
    try {
      const html = (code, body) => (_, response) =>
        response.writeHead(code, { "content-type": "text/html; charset=latin1", location: "/elsewhere" }).end(body);
      for (const fault of [
        status(204),
        html(302, ""),
        status(401),
        html(404, Buffer.from([0xff, 0xfe])),
        status(429),
        html(200, junk(2_000_000)),
      ]) {
        faults["/ok"] = fault;
        await forget();
        assert.equal((await visit(gate, cookie)).status, 503, String(fault));
      }
      for (const fault of [status(500), status(503), hangUp, silence, (request) => request.socket.end("220 mail ready\r\n")]) {
        faults["/ok"] = fault;
        await forget();
        assert.equal((await visit(gate, cookie)).status, 200, String(fault));
      }
    } finally {
      for (const name of Object.keys(faults)) delete faults[name];
    }
  },
);

inBoth(
  "the probe carries nothing of the visitor's, and its result is shared for a second",
  () => started.plain,
  async (gate) => {
    const { origin } = started.plain;
    const cookie = await deleted(started.plain);
    faults["/get-session"] = status(500);
    faults["/ok"] = status(500);
    try {
      await forget();
      const before = probes(origin).length;
      const secret = {
        "user-agent": "of-the-visitor",
        "accept-language": "of-the-visitor",
        "x-forwarded-for": "203.0.113.7",
        "x-api-key-2": "of-the-visitor",
      };
      assert.equal((await visit(gate, cookie, secret)).status, 200);
      const seen = probes(origin).slice(before);
      assert.equal(seen.length, 1);
      assert.doesNotMatch(JSON.stringify(seen[0]), /of-the-visitor|203\.0\.113|session_token/);
      for (const name of ["cookie", "authorization", "x-forwarded-for"]) assert.equal(seen[0].headers[name], undefined, name);
      assert.equal((await visit(gate, cookie)).status, 200);
      assert.equal(probes(origin).length, before + 1, "shared");
      await forget();
      const many = await Promise.all(Array.from({ length: 12 }, () => visit(gate, cookie)));
      assert.deepEqual([...new Set(many.map((response) => response.status))], [200], "no request waits for another's probe");
      delete faults["/ok"];
      await forget();
      assert.equal((await visit(gate, cookie)).status, 503, "up again");
    } finally {
      for (const name of Object.keys(faults)) delete faults[name];
    }
  },
);

inBoth(
  "an origin that is down grants grace, and a session that it knows goes on",
  () => started.plain,
  async (gate) => {
    const cookie = await deleted(started.plain);
    for (const fault of [hangUp, status(502), silence]) {
      faults["*"] = fault;
      await forget();
      const { status: code, body } = await visit(gate, cookie);
      assert.deepEqual([code, body.user?.name], [200, "Ada Lovelace"]);
      delete faults["*"];
    }
    await forget();
    assert.equal((await visit(gate, cookie)).status, 401);
  },
);

inBoth(
  "a visitor who has used up the rate limit is not let in with a deleted session",
  () => started.limited,
  async (gate) => {
    const address = { "x-forwarded-for": gate.runtime === "node" ? "203.0.113.10" : "203.0.113.11" };
    const headers = { ...address, "cf-connecting-ip": address["x-forwarded-for"] };
    const seen = [(await visit(gate, await deletedFrom(started.limited, address), headers)).status];
    for (let i = 0; i < 5; i++) seen.push((await visit(gate, unknown(), headers)).status);
    assert.deepEqual(seen, [401, 401, 401, 503, 503, 503]);
  },
);

inBoth(
  "a server with a dynamic baseURL is probed under a host that it allows",
  () => started.dynamic,
  async (gate) => {
    const address = gate.runtime === "node" ? "203.0.113.20" : "203.0.113.21";
    const site = {
      "x-forwarded-host": "app.example",
      "x-forwarded-proto": "http",
      "x-forwarded-for": address,
      "cf-connecting-ip": address,
    };
    const seen = [];
    for (let i = 0; i < 5; i++) seen.push((await visit(gate, unknown(), site)).status);
    assert.deepEqual(seen, [401, 401, 401, 503, 503]);
  },
);

async function deletedFrom({ origin }, headers) {
  const jar = await signUp(origin, undefined, { headers });
  assert.equal((await call(origin, jar, "/revoke-sessions", { body: {}, headers })).status, 200);
  return cookieHeader({ at: Date.now() - 400_000, session: { token: jar.token, userId: jar.user.id }, user: { id: jar.user.id } });
}

/** workerd takes 128 kB of headers, Node 16 KiB; with what the gate adds that was too much for the origin in both. */
function runtimeBound({ runtime }) {
  return runtime === "node" ? 15_200 : 20_000;
}
