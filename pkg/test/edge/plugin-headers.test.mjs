// Headers and attributes that the server adds to get-session when it renews a session, and a server that does not respond.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bearer, jwt } from "better-auth/plugins";
import { createSessionGate } from "better-session/edge";
import { browserOf, signedUp, startInMemory } from "./in-memory.mjs";

const stateless = { enabled: true, maxAge: 300, strategy: "jwe", refreshCache: { updateAge: 300 } };
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Starts a server without a database whose renewal is due at once, and returns what it and a gate respond to get-session. */
async function renewed(more, gateOptions = {}) {
  const { auth, options } = startInMemory({ stateless: true, session: { cookieCache: stateless }, ...more });
  const { jar } = await signedUp((request) => auth.handler(request));
  const gate = createSessionGate({ ...options, hiddenFields: {}, origin: { fetch: (request) => auth.handler(request) }, ...gateOptions });
  await wait(1100); // dates are in seconds
  const get = (handler) => browserOf(handler, { jar: jar.clone() }).send("/api/auth/get-session");
  return { direct: await get((request) => auth.handler(request)), through: await get((request) => gate.fetch(request)), get, gate };
}

/** Returns the attributes of each cookie. */
const attributesOf = (response) =>
  response.headers
    .getSetCookie()
    .map((line) => line.replace(/=[^;]*/, "="))
    .sort();

test("bearer plugin: a renewed session comes with the server's set-auth-token", async () => {
  for (const gateOptions of [{}, { plugins: [bearer()] }]) {
    const { direct, through, get, gate } = await renewed({ plugins: [bearer()] }, gateOptions);
    assert.ok(direct.headers.get("set-auth-token"));
    // A gate that does not know the plugin learns of it from the first response with the header.
    const response = gateOptions.plugins ? through : await learned(gate, get);
    assert.ok(response.headers.get("set-auth-token"));
    assert.equal(response.headers.get("access-control-expose-headers"), direct.headers.get("access-control-expose-headers"));
    assert.deepEqual(attributesOf(response), attributesOf(direct));
  }
});

async function learned(gate, get) {
  const body = JSON.stringify({ name: "Bo", email: "bo@example.com", password: "a-long-password-1" });
  const headers = { "content-type": "application/json", "origin": "http://app.test" };
  await gate.fetch(new Request("http://app.test/api/auth/sign-up/email", { method: "POST", headers, body }));
  return get((request) => gate.fetch(request));
}

test("maxAge among the attributes of session_data is the renewed cookie's, as on the server", async () => {
  const cookies = { session_data: { attributes: { maxAge: 77, sameSite: "strict" } }, session_token: { attributes: { maxAge: 55 } } };
  const { direct, through } = await renewed({ advanced: { cookies } });
  assert.deepEqual(attributesOf(through), attributesOf(direct));
  assert.ok(attributesOf(through).some((line) => line.includes("session_data") && line.includes("Max-Age=77")));
});

test("jwt plugin: if the server does not respond within originTimeout, the cookie answers", async () => {
  const { auth, options } = startInMemory({ plugins: [jwt()] });
  const { jar, person } = await signedUp((request) => auth.handler(request));
  const gate = createSessionGate({ ...options, hiddenFields: {}, originTimeout: 200, origin: { fetch: () => new Promise(() => {}) } });
  const response = await browserOf((request) => gate.fetch(request), { jar }).send("/api/auth/get-session");
  assert.deepEqual([response.status, (await response.json()).user.email], [200, person.email]);
});
