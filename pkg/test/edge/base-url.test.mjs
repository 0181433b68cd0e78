// The same `baseURL` with the API's path in it, given to a real server and to the gate before it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { createSessionGate, memoryFeed } from "../../dist/edge.js";
import { CookieJar } from "../../../harness/jar.mjs";
import { SECRET } from "../../../harness/origin.mjs";

const SITE = "https://app.test";

for (const [baseURL, basePath] of [
  [`${SITE}/v1/auth`, undefined],
  [`${SITE}/v1/auth`, "/api/auth"],
  [`${SITE}/v1/auth/`, undefined],
]) {
  test(`baseURL ${baseURL}, basePath ${basePath}: the API is reached, and a revocation is recorded`, async () => {
    const shared = { secret: SECRET, baseURL, basePath, session: { cookieCache: { enabled: true } } };
    const tables = Object.fromEntries(["user", "session", "account", "verification"].map((name) => [name, []]));
    const auth = betterAuth({
      ...shared,
      database: memoryAdapter(tables),
      emailAndPassword: { enabled: true },
      logger: { disabled: true },
      rateLimit: { enabled: false },
      telemetry: { enabled: false },
    });
    let calls = 0;
    const origin = { fetch: (request) => (calls++, auth.handler(request)) };
    const gate = createSessionGate({ ...shared, origin, hiddenFields: {}, revocation: { feed: memoryFeed() } });
    const call = async (jar, path, body) => {
      const headers = { origin: SITE, cookie: jar.header(), ...(body ? { "content-type": "application/json" } : {}) };
      const request = new Request(SITE + path, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body) });
      const response = await gate.fetch(request, undefined, () => new Response("page"));
      jar.store(response);
      return response;
    };
    const [a, b] = [new CookieJar(), new CookieJar()];
    const account = { email: "a@example.com", password: "a-long-password", name: "A" };
    assert.equal((await call(a, "/v1/auth/sign-up/email", account)).status, 200);
    assert.equal((await call(b, "/v1/auth/sign-in/email", account)).status, 200);
    const before = calls;
    assert.equal((await (await call(b, "/v1/auth/get-session")).json()).user.email, account.email);
    assert.equal((await call(b, "/page")).status, 200);
    assert.equal(calls, before, "from the cookie");
    assert.equal((await call(a, "/v1/auth/revoke-other-sessions", {})).status, 200);
    assert.equal((await call(b, "/page")).status, 401);
    assert.equal((await call(a, "/page")).status, 200);
    assert.equal((await call(new CookieJar(), "/api/auth/ok")).status, 401, "not the API");
  });
}

test("a baseURL whose path has no canonical form is refused at start, without quoting it", () => {
  assert.throws(
    () => createSessionGate({ secret: SECRET, baseURL: `${SITE}/a;v=1/auth`, origin: "http://127.0.0.1:9" }),
    (error) => {
      assert.equal(error.code, "OPTION_INVALID");
      assert.match(error.message, /baseURL/);
      assert.doesNotMatch(error.message, /app\.test/);
      return true;
    },
  );
});
