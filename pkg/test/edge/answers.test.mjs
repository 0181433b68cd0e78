// Responses and refusals of the gate: JSON or a page, never cached, and the signed identity header for the app.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openIdentity } from "better-session/edge";
import { SECRET } from "../../../harness/origin.mjs";
import { echo, listen } from "../../../harness/server.mjs";
import { cookieHeader, tokenPair } from "./mint.mjs";
import { raw } from "./raw.mjs";
import { startGates } from "./support.mjs";

const routes = { public: ["/public/**"], fresh: ["/danger"], signInURL: "/sign-in?theme=dark" };
const DAY = 86_400_000;
let server, gates;
before(async () => {
  server = await listen();
  server.setHandler(echo);
  const elsewhere = {
    baseURL: "https://app.example",
    advanced: { useSecureCookies: false },
    routes: { signInURL: "https://id.example/in" },
  };
  gates = await startGates(
    { url: `http://127.0.0.1:${server.port}` },
    {
      inside: { APP: "here", options: { routes } },
      behind: { options: { routes } },
      elsewhere: { APP: "here", options: elsewhere },
    },
  );
});
after(async () => {
  await gates?.close();
  await server?.close();
});

/** Uses a raw socket, because fetch marks its requests as no navigation. */
async function visit(gate, path, { cookie, headers = {}, ...init } = {}) {
  const { body, ...response } = await raw(gate.url, path, {
    ...init,
    headers: Object.entries({ ...(cookie ? { cookie } : {}), ...headers }),
  });
  return { ...response, json: () => JSON.parse(body), text: () => body };
}

const signedIn = () => cookieHeader();
const aged = () => cookieHeader({ session: { createdAt: new Date(Date.now() - 2 * DAY) } });
const PAGE = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

test("cache headers of next are kept only where they are stricter", async () => {
  const cases = {
    "": "private, no-store",
    "public, max-age=600": "private, no-store",
    "max-age=0": "private, no-store",
    "private": "private, no-store",
    "no-store": "no-store",
    "private, no-store, max-age=0": "private, no-store, max-age=0",
    "x-no-store-y": "private, no-store",
    "must-understand, no-store": "private, no-store",
  };
  for (const [said, expected] of Object.entries(cases)) {
    const query = new URLSearchParams(said ? { "set-cache-control": said } : {});
    const response = await visit(gates.inside, `/account?${query}`, { cookie: signedIn() });
    assert.equal(response.headers.get("cache-control"), expected, said);
    assert.equal(response.headers.get("vary"), "cookie", said);
  }
});

test("other headers for shared caches are removed, and the Vary header of next is kept", async () => {
  const query = new URLSearchParams({
    "set-cdn-cache-control": "max-age=60",
    "set-surrogate-control": "max-age=60",
    "set-cloudflare-cdn-cache-control": "max-age=60",
    "set-vary": "accept-language",
  });
  const { headers } = await visit(gates.inside, `/account?${query}`, { cookie: signedIn() });
  for (const name of ["cdn-cache-control", "surrogate-control", "cloudflare-cdn-cache-control"])
    assert.equal(headers.get(name), null, name);
  assert.equal(headers.get("vary"), "accept-language, cookie");
  for (const vary of ["Cookie", "*", "accept, COOKIE"]) {
    const kept = await visit(gates.inside, `/account?${new URLSearchParams({ "set-vary": vary })}`, { cookie: signedIn() });
    assert.equal(kept.headers.get("vary"), vary);
  }
});

test("a public page is cacheable if the visitor was not read and has no session", async () => {
  const query = new URLSearchParams({ "set-cache-control": "public, max-age=600" });
  for (const [path, cookie] of [
    [`/public/x?blind&${query}`, undefined],
    [`/public/x?blind&share&${query}`, signedIn()],
  ]) {
    const blind = await visit(gates.inside, path, { cookie });
    assert.equal(blind.headers.get("cache-control"), "public, max-age=600");
  }
  const looked = await visit(gates.inside, `/public/x?${query}`, { cookie: signedIn() });
  assert.equal(looked.headers.get("cache-control"), "private, no-store");
  assert.equal((await looked.json()).user.name, "Ada Lovelace");
  const stranger = await visit(gates.inside, `/public/x?${query}`);
  assert.equal((await stranger.json()).user, null);
  assert.equal(stranger.headers.get("vary"), "cookie");
});

test("a public page of the app behind the gate keeps the cache headers of the app", async () => {
  const said = { "cache-control": "public, max-age=600", "cdn-cache-control": "max-age=60", vary: "accept-language" };
  const caching = async (path, cookie) => {
    const { status, headers } = await visit(gates.behind, path, { cookie });
    assert.equal(status, 200);
    return Object.fromEntries(Object.keys(said).map((name) => [name, headers.get(name)]));
  };
  server.setHandler((_, response) => response.writeHead(200, said).end("a page"));
  try {
    for (const cookie of [undefined, tokenPair(), signedIn()]) assert.deepEqual(await caching("/public/x", cookie), said);
    const personal = { "cache-control": "private, no-store", "cdn-cache-control": null, vary: "accept-language, cookie" };
    assert.deepEqual(await caching("/account", signedIn()), personal);
  } finally {
    server.setHandler(echo);
  }
});

test("an API call is refused in JSON, a page redirects to sign-in and back", async () => {
  const there = "/reports/2026?q=a%26b&next=//evil.example";
  const call = await visit(gates.inside, there, { headers: { accept: "application/json" } });
  assert.deepEqual([call.status, await call.json()], [401, { code: "UNAUTHORIZED", message: "Unauthorized" }]);
  const page = await visit(gates.inside, there, { headers: PAGE });
  assert.equal(page.status, 302);
  assert.equal(page.headers.get("location"), `/sign-in?theme=dark&callbackURL=${encodeURIComponent(there)}`);
  for (const { headers } of [call, page])
    assert.deepEqual([headers.get("cache-control"), headers.get("vary")], ["private, no-store", "cookie"]);
  const posted = await visit(gates.inside, there, { method: "POST", headers: PAGE });
  assert.equal(posted.status, 401, "a form is not sent again by a redirect");
  const scripted = await visit(gates.inside, there, { headers: { ...PAGE, "sec-fetch-mode": "cors" } });
  assert.equal(scripted.status, 401, "a script is not a page, whatever it accepts");
});

test("callbackURL never leaves the site", async () => {
  for (const path of ["//evil.example/x", "/\\evil.example/x", "/%09/evil.example", "/@evil.example"]) {
    const { status, headers } = await visit(gates.inside, path, { headers: PAGE });
    if (status === 400) continue;
    const back = new URL(headers.get("location"), gates.inside.url).searchParams.get("callbackURL");
    assert.equal(new URL(back, "https://app.example").host, "app.example", `${path}: ${back}`);
    assert.match(back, /^\/[^/\\]/);
  }
  const { headers } = await visit(gates.elsewhere, "/account", {
    headers: { ...PAGE, host: "evil.example", "x-forwarded-host": "evil.example" },
  });
  assert.equal(headers.get("location"), `https://id.example/in?callbackURL=${encodeURIComponent("https://app.example/account")}`);
});

test("a session that is not fresh is refused as the server refuses it", async () => {
  for (const headers of [{ accept: "application/json" }, PAGE]) {
    const response = await visit(gates.inside, "/danger", { cookie: aged(), headers });
    assert.deepEqual([response.status, await response.json()], [403, { code: "SESSION_NOT_FRESH", message: "Session is not fresh" }]);
  }
  assert.equal((await visit(gates.inside, "/danger", { cookie: signedIn() })).status, 200);
  const required = await visit(gates.inside, "/gate/authenticate?fresh", { cookie: aged() });
  assert.equal(required.status, 403);
  assert.equal(required.headers.get("cache-control"), "private, no-store");
  assert.equal((await visit(gates.inside, "/gate/authenticate?fresh")).status, 401);
});

test("a HEAD is refused without a body", async () => {
  const response = await visit(gates.inside, "/account", { method: "HEAD" });
  assert.deepEqual([response.status, await response.text()], [401, ""]);
});

test("the app behind the gate receives the identity, valid for this request and half a minute", async () => {
  const response = await visit(gates.behind, "/reports/./2026?x=1", { method: "POST", body: "{}", cookie: signedIn() });
  const seen = await response.json();
  const header = seen.headers["x-better-session-identity"];
  assert.doesNotMatch(header, /Ada/);
  const request = (change = {}) =>
    new Request(`http://app.internal${change.path ?? "/reports/2026?x=1"}`, {
      method: change.method ?? "POST",
      headers: { "x-better-session-identity": change.header ?? header, "cookie": change.cookie ?? seen.headers.cookie },
    });
  const open = (change, options = {}) => openIdentity(request(change), { secret: SECRET, ...options });
  const known = open();
  assert.equal(known.user.name, "Ada Lovelace");
  assert.ok(known.session.expiresAt instanceof Date);
  assert.equal(open({}, { at: Date.now() + 29_000 })?.user.id, "u1");
  assert.equal(
    open(
      {},
      {
        secret: undefined,
        secrets: [
          { version: 2, value: "the-next-secret-of-32-bytes-or-more" },
          { version: 1, value: SECRET },
        ],
      },
    )?.user.id,
    "u1",
    "through a rotation",
  );
  for (const [what, change, options] of [
    ["without the cache to which it refers", { cookie: tokenPair() }],
    ["another cache of the same session", { cookie: cookieHeader({ at: Date.now() - 5000 }) }],
    ["another method", { method: "DELETE" }],
    ["another path", { path: "/reports/2027" }],
    ["too late", {}, { at: Date.now() + 40_000 }],
    ["long before", {}, { at: Date.now() - 60_000 }],
    ["another secret", {}, { secret: "not-the-secret-that-sealed-it-at-all" }],
    ["cut short", { header: header.slice(0, -1) }],
    ["changed", { header: `${header.slice(0, 60)}${header[60] === "A" ? "B" : "A"}${header.slice(61)}` }],
    ["empty", { header: "" }],
    ["nonsense", { header: "x".repeat(200) }],
  ])
    assert.equal(open(change, options), null, what);
});

test("next can sign the identity for another server", async () => {
  const seen = await (await visit(gates.inside, "/account?seal", { cookie: signedIn() })).json();
  const request = new Request("http://app.internal/account", { headers: { ...seen.headers, "x-better-session-identity": seen.sealed } });
  assert.equal(openIdentity(request, { secret: SECRET }).user.name, "Ada Lovelace");
  const nobody = await (await visit(gates.inside, "/public/x?seal")).json();
  assert.equal(nobody.sealed ?? null, null);
});

test("a request without a lookup carries no identity", async () => {
  for (const cookie of [undefined, tokenPair(), signedIn()]) {
    const seen = await (await visit(gates.behind, "/public/x", { cookie })).json();
    assert.equal(seen.headers["x-better-session-identity"], undefined);
  }
});
