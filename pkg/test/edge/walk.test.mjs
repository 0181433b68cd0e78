// Transparency: the same calls of the auth API at the origin and through the gate have the same responses, except for ids,
// tokens, dates, and that responses about a session are private.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CookieJar, call, somebody } from "../../../harness/origin.mjs";
import { startPair } from "./support.mjs";

let origin, gate, close;
before(async () => ({ origin, gate, close } = await startPair()));
after(() => close?.());

/** [what, path, options or a function of the walker that answers them]. */
const STEPS = [
  ["is alive", "/ok"],
  ["a HEAD", "/ok", { method: "HEAD" }],
  ["nobody's session", "/get-session"],
  ["sign-up, password too short", "/sign-up/email", (me) => ({ body: { ...me.person, password: "x" } })],
  ["sign-up, no body", "/sign-up/email", { method: "POST", headers: { "content-type": "application/json" } }],
  ["sign-up, half a JSON", "/sign-up/email", { raw: '{"email":' }],
  ["sign-up as a form", "/sign-up/email", { raw: "email=a", headers: { "content-type": "text/plain" } }],
  ["sign-up", "/sign-up/email", (me) => ({ body: me.person })],
  ["sign-up again", "/sign-up/email", (me) => ({ body: me.person })],
  ["session", "/get-session"],
  ["session, past the cache", "/get-session?disableCookieCache=true"],
  ["session, not refreshed", "/get-session?disableRefresh=true"],
  ["session, both", "/get-session?disableCookieCache=true&disableRefresh=true"],
  ["session by POST", "/get-session", { body: {} }],
  ["session by PUT", "/get-session", { method: "PUT", body: {} }],
  ["session by DELETE", "/get-session", { method: "DELETE" }],
  ["a preflight", "/get-session", { method: "OPTIONS", headers: { "access-control-request-method": "GET" } }],
  ["sign-in, wrong password", "/sign-in/email", (me) => ({ body: { email: me.person.email, password: "not this one" } })],
  ["sign-in for this visit", "/sign-in/email", (me) => ({ body: { ...me.credentials, rememberMe: false } })],
  ["session of a visit", "/get-session"],
  ["sign-in", "/sign-in/email", (me) => ({ body: me.credentials })],
  ["sign-in, from a foreign page", "/sign-in/email", (me) => ({ body: me.credentials, headers: { origin: "https://evil.example" } })],
  ["sign-out, from a foreign page", "/sign-out", { body: {}, headers: { origin: "https://evil.example" } }],
  ["sign-out, from nowhere", "/sign-out", { body: {}, headers: { origin: "" } }],
  ["sign-in, sent to a foreign page", "/sign-in/email", (me) => ({ body: { ...me.credentials, callbackURL: "https://evil.example/" } })],
  ["sessions", "/list-sessions"],
  ["accounts", "/list-accounts"],
  ["update", "/update-user", { body: { name: "Countess of Lovelace" } }],
  ["session after the update", "/get-session"],
  ["update, unknown field", "/update-user", { body: { emailVerified: true } }],
  ["revoke an unknown session", "/revoke-session", { body: { token: "nobody-has-this-token" } }],
  [
    "change the password, wrong one",
    "/change-password",
    { body: { currentPassword: "not this one", newPassword: "another horse battery" } },
  ],
  [
    "change the password",
    "/change-password",
    (me) => ({ body: { currentPassword: me.person.password, newPassword: "another horse battery", revokeOtherSessions: true } }),
  ],
  ["sessions, one left", "/list-sessions"],
  ["revoke the others", "/revoke-other-sessions", { body: {} }],
  ["a link of a mail, broken", "/verify-email?token=nonsense&callbackURL=%2Fwelcome"],
  ["a provider that is not there", "/sign-in/social", { body: { provider: "github" } }],
  ["a reset for nobody", "/request-password-reset", { body: { email: "nobody@example.com" } }],
  ["the error page", "/error?error=access_denied"],
  ["no such path", "/no-such-path"],
  ["no such path by POST", "/no/such/path", { body: {} }],
  ["a trailing slash", "/get-session/"],
  ["sign-out", "/sign-out", { body: {} }],
  ["session after sign-out", "/get-session"],
  ["sessions after sign-out", "/list-sessions"],
  ["sign-in anew", "/sign-in/email", (me) => ({ body: { ...me.credentials, password: "another horse battery" } })],
  ["revoke all", "/revoke-sessions", { body: {} }],
  ["session after that, from the cache", "/get-session"],
  ["session after that", "/get-session?disableCookieCache=true"],
];

test("each response through the gate equals that of the origin", async () => {
  const [there, here] = [walker(), walker()];
  for (const [what, path, options = {}] of STEPS) {
    const theirs = await take(origin, there, path, options);
    const ours = await take(gate, here, path, options);
    assert.deepEqual(ours, theirs, what);
    assert.ok(ours.status < 500, `${what}: ${ours.status}`);
    assert.deepEqual(here.jar.names, there.jar.names, `${what}: cookies kept`);
  }
});

test("the origin receives the request that the visitor sent", async () => {
  const jar = new CookieJar([
    ["theme", "dark"],
    ["better-auth.session_token", "nonsense"],
  ]);
  const headers = { "accept-language": "de;q=0.5", "x-custom": "a, b", "user-agent": "odd/1.0" };
  await call(gate, jar, "/list-sessions?a=1&a=%202&b", { headers });
  const { method, url, headers: sent } = origin.requests.at(-1);
  assert.equal(`${method} ${url}`, "GET /api/auth/list-sessions?a=1&a=%202&b");
  for (const [name, value] of Object.entries({ ...headers, cookie: jar.header(), origin: gate.url })) assert.equal(sent[name], value, name);
});

test("a page of another origin cannot use a session through the gate", async () => {
  const me = walker();
  await take(gate, me, "/sign-up/email", { body: me.person });
  const refused = await take(gate, me, "/update-user", { body: { name: "Mallory" }, headers: { origin: "https://evil.example" } });
  assert.equal(refused.status, 403);
  assert.equal((await take(gate, me, "/get-session?disableCookieCache=true")).body.user.name, "Ada Lovelace");
});

test("the rate limit counts visitors, not the gate", async () => {
  const limited = await startPair({ auth: { rateLimit: { enabled: true, window: 60, max: 2 } } });
  try {
    const from = (address) =>
      call(limited.gate, null, "/list-sessions", {
        headers: { "cf-connecting-ip": address, "x-forwarded-for": `198.51.100.${Math.random()}` },
      });
    const seen = [];
    for (const address of ["203.0.113.1", "203.0.113.1", "203.0.113.1", "203.0.113.2"]) seen.push((await from(address)).status);
    assert.deepEqual(seen, [401, 401, 429, 401]);
    assert.equal(limited.origin.requests.at(-1).headers["x-forwarded-for"], "203.0.113.2");
  } finally {
    await limited.close();
  }
});

function walker() {
  const person = somebody();
  return { jar: new CookieJar(), person, credentials: { email: person.email, password: person.password } };
}

async function take(at, me, path, options = {}) {
  const { raw, ...rest } = typeof options === "function" ? options(me) : options;
  const response = raw === undefined ? await call(at, me.jar, path, rest) : await sendRaw(at, me, path, raw, rest);
  const text = await response.text();
  return {
    status: response.status,
    headers: matter(response.headers),
    cookies: response.headers.getSetCookie().map(masked),
    body: readable(text),
  };
}

function sendRaw(at, me, path, body, { headers = {} }) {
  const cookie = me.jar.size ? { cookie: me.jar.header() } : {};
  return fetch(at.url + at.basePath + path, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", origin: at.url, ...cookie, ...headers },
  });
}

/** Headers that differ by connection or second, and those that the gate adds by design. */
function matter(headers) {
  const unlike = ["date", "connection", "keep-alive", "content-length", "transfer-encoding", "cache-control", "vary", "set-cookie"];
  return Object.fromEntries([...headers].filter(([name]) => !unlike.includes(name)));
}

/** Name and attributes of a `Set-Cookie`, and whether it has a value. */
const masked = (line) => line.replace(/=[^;]+/, "=…").replace(/Expires=[^;]+/i, "Expires=…");

function readable(text) {
  try {
    return JSON.parse(text, (name, value) =>
      /^(id|token|userId|accountId|email|createdAt|updatedAt|expiresAt)$/.test(name) && typeof value === "string" ? "…" : value,
    );
  } catch {
    return text;
  }
}
