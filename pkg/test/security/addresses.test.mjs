// Addresses, hosts, protocols and prefixes are the connection's, not what a visitor says in headers.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { request as httpRequest } from "node:http";
import { after, before, test } from "node:test";
import { Hono } from "hono";
import { createSessionGate, honoGate, nodeListener } from "better-session/edge";
import { SECRET, somebody } from "../../../harness/origin.mjs";
import { cookieHeader } from "../edge/mint.mjs";
import { raw } from "../edge/raw.mjs";
import { inBoth, startInBoth } from "./support.mjs";

const routes = { public: ["/public/**"] };
const started = {};
before(async () => {
  const auth = {
    rateLimit: { enabled: true },
    advanced: { ipAddress: { ipAddressHeaders: ["x-real-ip", "true-client-ip", "X-Caller", "x-forwarded-for"] } },
  };
  const advanced = { ipAddress: auth.advanced.ipAddress };
  started.direct = await startInBoth({ origin: { auth }, gate: { routes, advanced } });
  started.inside = await startInBoth({ gate: { routes }, app: true });
  started.proxied = await startInBoth({ gate: { routes, trustProxy: true } });
  started.proxiedInside = await startInBoth({ gate: { routes, trustProxy: true }, app: true });
  started.named = await startInBoth({
    gate: { routes, trustProxy: true, baseURL: "https://app.example", advanced: { useSecureCookies: false } },
  });
});
after(() => Promise.all(Object.values(started).map(({ close }) => close())));

const SPOOFED = {
  "x-forwarded-for": "203.0.113.9",
  "x-forwarded-host": "evil.example",
  "x-forwarded-proto": "gopher",
  "x-forwarded-port": "1",
  "x-forwarded-prefix": "/evil",
  "x-forwarded-server": "evil.example",
  "x-forwarded-ssl": "on",
  "x-forwarded-by": "evil",
  "x-forwarded": "for=203.0.113.9",
  forwarded: "for=203.0.113.9;host=evil.example",
  "x-real-ip": "203.0.113.9",
  "x-client-ip": "203.0.113.9",
  "client-ip": "203.0.113.9",
  "true-client-ip": "203.0.113.9",
  "x-cluster-client-ip": "203.0.113.9",
  "fastly-client-ip": "203.0.113.9",
  "fly-client-ip": "203.0.113.9",
  "cf-connecting-ipv6": "2001:db8::9",
  "cf-pseudo-ipv4": "203.0.113.9",
  "x-azure-clientip": "203.0.113.9",
  "x-appengine-user-ip": "203.0.113.9",
  "x-envoy-external-address": "203.0.113.9",
  "x-vercel-forwarded-for": "203.0.113.9",
  "x-original-forwarded-for": "203.0.113.9",
  "x-originating-ip": "203.0.113.9",
  "x-remote-addr": "203.0.113.9",
  "remote-addr": "203.0.113.9",
  via: "1.1 evil.example",
  "x-host": "evil.example",
  "x-original-host": "evil.example",
  "x-http-host-override": "evil.example",
  "x-url-scheme": "gopher",
  "front-end-https": "on",
  "x-script-name": "/evil",
  x_forwarded_for: "203.0.113.9",
  x_real_ip: "203.0.113.9",
  "x-client-address": "203.0.113.9",
  "x-remote-address": "203.0.113.9",
  "x-ip-address": "203.0.113.9",
  "x-vercel-proxied-for": "203.0.113.9",
  "x-forward-for": "203.0.113.9",
  rlnclientipaddr: "203.0.113.9",
  "x-trueclientip": "203.0.113.9",
  "x-proxy-host": "evil.example",
  "x-hostname": "evil.example",
  "x-originating-host": "evil.example",
  "x-server-name": "evil.example",
  "x-real-scheme": "gopher",
  "x-request-scheme": "gopher",
  "x-path-prefix": "/evil",
  "x-context-path": "/evil",
  "x-base-url": "https://evil.example",
};
const SAID = /203\.0\.113\.9|2001:db8::9|evil|gopher/;
/** Of the spoofed headers only these may arrive, and then with the gate's own words. */
const OWN = ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"];

/** Only the server's own options name this header. */
const CONFIGURED = { "x-caller": "203.0.113.9" };

const withHeaders = (headers) => Object.entries(headers);
async function seenBy(gate, path, headers = {}) {
  const { status, body } = await raw(gate.url, path, { headers: withHeaders(headers) });
  assert.equal(status, 200, body);
  return JSON.parse(body).headers;
}

/** A request from another address of this machine. */
function from(localAddress, gate, path, { body, headers }) {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(gate.url);
    const request = httpRequest(
      { hostname, port, path, method: "POST", localAddress, headers: { "content-type": "application/json", origin: gate.url, ...headers } },
      (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode));
      },
    );
    request.on("error", reject);
    request.end(JSON.stringify(body));
  });
}

inBoth(
  "twelve password guesses under twelve addresses meet the rate limit, and only the guesser does",
  () => started.direct,
  async (gate) => {
    const { email } = somebody();
    // On Workers Cloudflare says who called; in Node the connection does.
    const platform = (address) => (gate.runtime === "workerd" ? { "cf-connecting-ip": address } : {});
    const guess = (address, headers) =>
      from(address, gate, "/api/auth/sign-in/email", {
        body: { email, password: "a guess of mine" },
        headers: { ...platform(address), ...headers },
      });
    const seen = [];
    for (let i = 0; i < 12; i++) {
      const address = `198.51.100.${i}`;
      const spoofed = Object.fromEntries(
        Object.keys(SPOOFED)
          .filter((name) => /for|ip|addr/.test(name))
          .map((name) => [name, address]),
      );
      seen.push(await guess(gate.runtime === "node" ? "127.0.0.2" : "127.0.0.3", spoofed));
    }
    assert.deepEqual(seen, [...Array(3).fill(401), ...Array(9).fill(429)]);
    assert.equal(await guess(gate.runtime === "node" ? "127.0.0.4" : "127.0.0.5", {}), 401, "another visitor");
  },
);

inBoth(
  "what a visitor says of addresses and hosts does not reach the server",
  () => started.direct,
  async (gate) => {
    const session = { cookie: cookieHeader() };
    for (const headers of [{}, session]) {
      const seen = await seenBy(gate, "/public/x", { ...SPOOFED, ...CONFIGURED, ...headers });
      for (const name of Object.keys({ ...SPOOFED, ...CONFIGURED })) {
        if (!OWN.includes(name)) assert.equal(seen[name], undefined, name);
      }
      assert.doesNotMatch(JSON.stringify({ ...seen, cookie: "" }), SAID);
      const { host } = new URL(gate.url);
      assert.deepEqual([seen["x-forwarded-host"], seen["x-forwarded-proto"]], [host, "http"]);
      if (gate.runtime === "node") assert.equal(seen["x-forwarded-for"], "127.0.0.1");
    }
    const { requests } = started.direct.origin;
    await raw(gate.url, "/api/auth/list-sessions", { headers: withHeaders({ ...SPOOFED, "x-custom": "kept" }) });
    const { headers } = requests.at(-1);
    assert.equal(headers["x-custom"], "kept");
    assert.doesNotMatch(JSON.stringify(headers), SAID);
  },
);

inBoth(
  "nor the app in the same process",
  () => started.inside,
  async (gate) => {
    const seen = await seenBy(gate, "/public/x", SPOOFED);
    assert.doesNotMatch(JSON.stringify(seen), SAID);
    if (gate.runtime === "node") assert.equal(seen["x-forwarded-for"], "127.0.0.1");
    else {
      const platform = await seenBy(gate, "/public/x", { ...SPOOFED, "cf-connecting-ip": "192.0.2.1" });
      assert.deepEqual([platform["cf-connecting-ip"], platform["x-forwarded-for"]], ["192.0.2.1", "192.0.2.1"]);
    }
  },
);

inBoth(
  "off Workers cf-connecting-ip is a visitor's word like any other",
  () => started.direct,
  async (gate) => {
    const seen = await seenBy(gate, "/public/x", { "cf-connecting-ip": "203.0.113.9", "cf-visitor": '{"scheme":"https"}' });
    const expected = gate.runtime === "workerd" ? "203.0.113.9" : "127.0.0.1";
    assert.equal(seen["x-forwarded-for"], expected);
    if (gate.runtime === "node") assert.equal(seen["cf-connecting-ip"], undefined);
  },
);

const PROXY = {
  "x-forwarded-for": "198.51.100.7",
  "x-forwarded-host": "shop.example:8443",
  "x-forwarded-proto": "https",
  "x-real-ip": "198.51.100.7",
};

inBoth(
  "with trustProxy the proxy's word is passed on",
  () => started.proxied,
  async (gate) => {
    const seen = await seenBy(gate, "/public/x", PROXY);
    for (const [name, value] of Object.entries(PROXY)) assert.equal(seen[name], value, name);
    const { headers } = await lookup(gate, started.proxied.origin, PROXY, "__Secure-");
    for (const [name, value] of Object.entries(PROXY)) assert.equal(headers[name], value, name);
    for (const host of ["a/b", "a b", "user@a", "a?b", "b/c, a"]) {
      const odd = await seenBy(gate, "/public/x", { "x-forwarded-host": host, "x-forwarded-proto": "gopher" });
      assert.deepEqual([odd["x-forwarded-host"], odd["x-forwarded-proto"]], [new URL(gate.url).host, "http"], host);
    }
  },
);

inBoth(
  "with trustProxy the app in the same process sees it too",
  () => started.proxiedInside,
  async (gate) => {
    const seen = await seenBy(gate, "/public/x", PROXY);
    for (const [name, value] of Object.entries(PROXY)) assert.equal(seen[name], value, name);
  },
);

inBoth(
  "a configured baseURL outweighs the proxy's word about the host",
  () => started.named,
  async (gate) => {
    const seen = await seenBy(gate, "/public/x", PROXY);
    assert.deepEqual(
      [seen["x-forwarded-host"], seen["x-forwarded-proto"], seen["x-forwarded-for"]],
      ["app.example", "https", "198.51.100.7"],
    );
  },
);

/** A cookie that has to be looked up: of another session each time, since what is missing is remembered. */
const staleCookie = (prefix = "") =>
  cookieHeader({ at: Date.now() - 400_000, session: { token: randomBytes(24).toString("base64url") } }).replaceAll(
    "better-auth.",
    `${prefix}better-auth.`,
  );

/** `prefix`: of the cookies that count under the scheme of these headers. */
async function lookup(gate, origin, headers, prefix) {
  await raw(gate.url, "/account", { headers: [["cookie", staleCookie(prefix)], ...withHeaders(headers)] });
  return origin.requests.filter(({ path }) => path === "/api/auth/get-session").at(-1);
}

inBoth(
  "Host is a host with an optional port, and nothing else",
  () => started.direct,
  async (gate) => {
    for (const host of [
      "a/public",
      "a/b",
      "a?x",
      "a#x",
      "a\\b",
      "user@a",
      "user:pw@a",
      "a b",
      "a,b",
      "",
      "a:",
      "a:b",
      "a:99999",
      "a%2fb",
      "[::1",
      "::1",
      "\u00e4",
      "http://a",
    ]) {
      const { status, body } = await raw(gate.url, "/account", {
        headers: [
          ["host", host],
          ["cookie", cookieHeader()],
        ],
      });
      // workerd refuses some of them itself, in its own words.
      const expected = gate.runtime === "node" ? [400] : [400, 500];
      assert.ok(expected.includes(status), `${JSON.stringify(host)}: ${status} ${body}`);
      if (status === 500) assert.equal(body, "Internal Server Error");
    }
    for (const host of ["a", "a.example:8080", "A.example.", "a_b", "[::1]:80", "127.0.0.1"]) {
      const { status } = await raw(gate.url, "/public/x", { headers: [["host", host]] });
      assert.equal(status, 200, host);
    }
  },
);

test("headers whose names only look alike pass", async () => {
  const gate = started.direct.gates.find(({ runtime }) => runtime === "node");
  const alike = {
    "x-membership": "gold",
    "x-relationship": "friend",
    "x-zip": "1",
    "sec-websocket-protocol": "chat",
    "x-report": "1",
    "x-username": "ada",
    "x-email-address": "a@example.com",
  };
  const seen = await seenBy(gate, "/public/x", alike);
  for (const [name, value] of Object.entries(alike)) assert.equal(seen[name], value, name);
});

test("an absolute request target is its path, and another host's is refused", async () => {
  const gate = started.direct.gates.find(({ runtime }) => runtime === "node");
  const { host } = new URL(gate.url);
  assert.equal((await raw(gate.url, `http://${host}/account`)).status, 401);
  assert.equal(JSON.parse((await raw(gate.url, `http://${host}/public/x?q=1`)).body).url, "/public/x?q=1");
  assert.equal((await raw(gate.url, "http://other.example/public/x")).status, 400);
});

test("two Hosts are refused in Node", async () => {
  const { url } = started.direct.gates[1];
  assert.equal(
    (
      await raw(url, "/public/x", {
        headers: [
          ["host", "a.example"],
          ["host", "b.example"],
        ],
      })
    ).status,
    400,
  );
});

/** Creates a gate and an origin in the same process; the origin records the requests that it receives. */
function capturing(options = {}) {
  const seen = [];
  const origin = { fetch: (request) => (seen.push(request), Response.json(null)) };
  const gate = createSessionGate({ secret: SECRET, session: { cookieCache: { enabled: true } }, routes, origin, ...options });
  return { gate, seen, last: () => Object.fromEntries(seen.at(-1).headers) };
}

const request = (headers = {}, path = "/public/x") => new Request(`http://app.example${path}`, { headers });

test("gate.fetch takes the peer's address from Deno's and Bun's second argument", async () => {
  const { gate, last } = capturing();
  const deno = (hostname) => ({ remoteAddr: { transport: "tcp", hostname, port: 50_000 }, completed: Promise.resolve() });
  const bun = (address, of) => ({ port: 80, requestIP: (asked) => (asked === of ? { address, family: "IPv4", port: 50_000 } : null) });
  for (const [address, expected] of [
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["2001:db8::7", "2001:db8::7"],
    ["fe80::1%eth0", "fe80::1"],
  ]) {
    await gate.fetch(request(SPOOFED), deno(address));
    assert.equal(last()["x-forwarded-for"], expected, address);
    const asked = request(SPOOFED);
    await gate.fetch(asked, bun(address, asked));
    assert.equal(last()["x-forwarded-for"], expected, address);
    assert.doesNotMatch(JSON.stringify(last()), SAID);
  }
  const asked = request(SPOOFED);
  for (const second of [
    undefined,
    null,
    {},
    7,
    "x",
    { remoteAddr: null },
    { remoteAddr: { transport: "unix", path: "/run/x" } },
    { remoteAddr: { hostname: 7 } },
    bun("192.0.2.7", asked),
    { waitUntil() {} },
  ]) {
    await gate.fetch(request(SPOOFED), second);
    assert.equal(last()["x-forwarded-for"], undefined, "nobody knows");
  }
});

test("twelve guesses in Deno or Bun meet the rate limit, with and without the second argument", async () => {
  const gate = createSessionGate({
    secret: SECRET,
    session: { cookieCache: { enabled: true } },
    routes,
    origin: started.direct.origin.url,
  });
  for (const second of [{ remoteAddr: { hostname: "192.0.2.30" } }, { requestIP: () => ({ address: "192.0.2.31" }) }, undefined]) {
    const statuses = [];
    for (let i = 0; i < 12; i++) {
      const headers = {
        "content-type": "application/json",
        origin: started.direct.origin.url,
        "x-forwarded-for": `198.51.100.${i}`,
        "x-real-ip": `198.51.100.${i}`,
      };
      const guess = new Request("http://app.example/api/auth/sign-in/email", {
        method: "POST",
        headers,
        body: JSON.stringify({ email: "a@example.com", password: "a guess of mine" }),
      });
      statuses.push((await gate.fetch(guess, second)).status);
    }
    assert.deepEqual(statuses, [...Array(3).fill(401), ...Array(9).fill(429)]);
  }
});

test("Hono's handlers see the address that its adapters know", async () => {
  const { gate } = capturing();
  const app = new Hono().use(honoGate(gate)).get("*", (c) => c.text(c.req.header("x-forwarded-for") ?? "nobody"));
  const server = { requestIP: () => ({ address: "192.0.2.7" }) };
  for (const env of [
    { incoming: { socket: { remoteAddress: "192.0.2.7" } } },
    { remoteAddr: { hostname: "192.0.2.7" } },
    server,
    { server },
  ]) {
    assert.equal(await (await app.fetch(request(SPOOFED), env)).text(), "192.0.2.7");
  }
  assert.equal(await (await app.fetch(request(SPOOFED))).text(), "nobody");
});

test("the peer's address reaches the next function and lookups, and stays with a call that revocation watches", async () => {
  const { memoryFeed } = await import("better-session/edge");
  const { gate, seen, last } = capturing({ revocation: { feed: memoryFeed() } });
  const info = { remoteAddr: { hostname: "192.0.2.7" } };
  let told;
  await gate.fetch(request(SPOOFED), info, (onward) => ((told = Object.fromEntries(onward.headers)), new Response()));
  assert.equal(told["x-forwarded-for"], "192.0.2.7");
  for (const ask of [gate.fetch, gate.authenticate]) {
    await ask(request({ ...SPOOFED, cookie: staleCookie() }, "/account"), info);
    assert.equal(last()["x-forwarded-for"], "192.0.2.7");
    seen.length = 0;
  }
  for (const path of ["/sign-out", "/update-user"]) {
    const call = new Request(`http://app.example/api/auth${path}`, {
      method: "POST",
      headers: { ...SPOOFED, "content-type": "application/json" },
      body: "{}",
    });
    const before = seen.length;
    await gate.fetch(call, info);
    const sent = seen.slice(before).map(({ headers }) => headers.get("x-forwarded-for"));
    assert.deepEqual([...new Set(sent)], ["192.0.2.7"], path);
  }
});

test("with trustProxy the header wins over the peer, which is the proxy; without a header the peer's address is sent", async () => {
  const { gate, last } = capturing({ trustProxy: true });
  const info = { remoteAddr: { hostname: "10.0.0.1" } };
  await gate.fetch(request({ "x-forwarded-for": "198.51.100.7" }), info);
  assert.equal(last()["x-forwarded-for"], "198.51.100.7");
  await gate.fetch(request(), info);
  assert.equal(last()["x-forwarded-for"], "10.0.0.1");
});

test("nodeListener's trustProxy and the gate's are one", async () => {
  for (const [ofListener, ofGate, expected] of [
    [false, false, "192.0.2.8"],
    [true, false, "198.51.100.7"],
    [false, true, "198.51.100.7"],
    [true, true, "198.51.100.7"],
  ]) {
    const { gate, last } = capturing({ trustProxy: ofGate });
    const listener = nodeListener(gate, undefined, { trustProxy: ofListener });
    await listener(incoming("192.0.2.8", ["Host", "app.example", "X-Forwarded-For", "198.51.100.7"]), outgoing());
    assert.equal(last()["x-forwarded-for"], expected, `${ofListener} ${ofGate}`);
  }
});

const incoming = (remoteAddress, rawHeaders) => ({
  method: "GET",
  url: "/public/x",
  rawHeaders,
  headers: { host: "app.example" },
  socket: { remoteAddress },
  async *[Symbol.asyncIterator]() {},
});
const outgoing = () => ({
  once() {},
  setHeader() {},
  writeHead() {},
  write: () => true,
  end() {},
  destroy() {},
  headersSent: false,
  closed: false,
});

test("clientAddress has the last word", async () => {
  const { gate, last } = capturing({ clientAddress: (of) => of.headers.get("x-of-my-cdn") });
  await gate.fetch(request({ ...SPOOFED, "x-of-my-cdn": "192.0.2.9" }), { remoteAddr: { hostname: "10.0.0.1" } });
  assert.equal(last()["x-forwarded-for"], "192.0.2.9");
});

test("a WebSocket upgrade leaves with no connection token but its own", async () => {
  const { gate, last } = capturing();
  await gate.fetch(
    request({
      upgrade: "websocket",
      connection: "keep-alive, Upgrade, x-forwarded-for, cookie, x-better-session-identity",
      "sec-websocket-key": "x",
      "sec-websocket-protocol": "chat",
    }),
  );
  assert.deepEqual([last().connection, last().upgrade, last()["sec-websocket-protocol"]], ["Upgrade", "websocket", "chat"]);
  for (const upgrade of ["h2c", "websocket, h2c"]) {
    await gate.fetch(request({ upgrade, connection: "Upgrade, HTTP2-Settings", "http2-settings": "x" }));
    for (const name of ["connection", "upgrade", "http2-settings"]) assert.equal(last()[name], undefined, name);
  }
});
