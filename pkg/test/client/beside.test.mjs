// Compares Better Auth's client with ours on one server: the same calls must have the same results.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { toKebabCase } from "@better-auth/core/utils/string";
import { createAuthClient as createTheirs } from "better-auth/client";
import { adminClient, usernameClient } from "better-auth/client/plugins";
import { createAuthClient as createOurs } from "better-session/client";
import { somebody } from "../../../harness/users.mjs";
import { device } from "./device.mjs";
import { startServer } from "./server.mjs";

const server = await startServer();
after(() => server.close());

/** Replaces values that differ between runs (users, times, random parts) by their type. */
function plain(value, key) {
  if (value instanceof Date) return "Date";
  if (/^(id|token|userId|accountId|email)$/.test(key) && typeof value === "string") return "text";
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value)
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, member]) => [name, plain(member, name)])
        .sort(),
    );
  return value;
}

/** Runs `use` with each client on a device of its own. Returns all its results in order. */
async function transcript(create, use, options) {
  const said = [];
  const client = create({ baseURL: server.url, fetchOptions: { customFetchImpl: device(server).fetch, ...options?.(said) } });
  const say = async (promise) => {
    const result = await promise;
    said.push(result);
    return result.data;
  };
  await use(client, say, somebody(), said);
  return plain(said);
}

/** Defines a test. `answers` is the required number of results, so that two empty lists are not equal. */
function beside(name, answers, use, options) {
  test(name, async () => {
    const ours = await transcript(createOurs, use, options);
    assert.equal(ours.length, answers, JSON.stringify(ours));
    assert.deepEqual(ours, await transcript(createTheirs, use, options));
  });
}

beside("sign up, session, list, update, sign out", 12, async (client, say, person) => {
  await say(client.getSession());
  await say(client.signUp.email({ ...person, plan: "free" }));
  await say(client.getSession());
  await say(client.listSessions());
  await say(client.updateUser({ name: "Grace", plan: "pro" }));
  await say(client.getSession({ query: { disableCookieCache: true } }));
  await say(client.updateSession({ theme: "dark" }));
  await say(client.listAccounts());
  await say(client.signOut());
  await say(client.getSession());
  await say(client.listSessions());
  await say(client.signIn.email({ email: person.email, password: person.password }));
});

beside("revoke one, the others, all", 5, async (client, say, person) => {
  await say(client.signUp.email(person));
  const other = await say(client.signIn.email({ email: person.email, password: person.password, rememberMe: false }));
  await say(client.revokeSession({ token: other.token }));
  await say(client.revokeOtherSessions());
  await say(client.revokeSessions());
});

beside("passwords", 5, async (client, say, person) => {
  await say(client.signUp.email(person));
  await say(client.changePassword({ currentPassword: "not this one", newPassword: "another long one" }));
  await say(client.changePassword({ currentPassword: person.password, newPassword: "another long one", revokeOtherSessions: true }));
  await say(client.signIn.email({ email: person.email, password: person.password }));
  await say(client.requestPasswordReset({ email: person.email, redirectTo: "/reset" }));
});

beside("refusals: 400, 401, 403, 404, 422", 9, async (client, say, person, said) => {
  await say(client.signIn.email({ email: "not an address", password: "x" }));
  await say(client.signIn.email({ email: person.email, password: "wrong wrong wrong" }));
  await say(client.signUp.email({ email: person.email, password: "short", name: "" }));
  await say(client.signUp.email(person));
  await say(client.signUp.email(person));
  await say(client.no.such.endpoint());
  await say(client.updateUser({}));
  await say(client.updateUser({ email: "me@example.com" }));
  await say(client.signUp.email(somebody(), { headers: { "x-origin": "https://evil.example" } }));
  assert.deepEqual(
    said.map(({ error }) => error?.status ?? 200),
    [400, 401, 400, 200, 422, 404, 404, 400, 403],
  );
});

beside("deleting the user", 3, async (client, say, person) => {
  await say(client.signUp.email(person));
  await say(client.deleteUser({ password: person.password }));
  await say(client.getSession());
});

beside("query, fetchOptions in either place, and $fetch", 6, async (client, say, person) => {
  await say(client.signUp.email({ ...person, fetchOptions: { headers: { "x-test": "1" } } }));
  await say(client.getSession({ query: { disableCookieCache: true, disableRefresh: "true" } }));
  await say(client.getSession({ fetchOptions: { query: { disableCookieCache: true } } }));
  await say(client.getSession({}, { query: { list: ["a", "b"], nothing: null, object: { a: 1 } } }));
  await say(client.$fetch("/get-session"));
  await say(client.$fetch("/update-user", { method: "POST", body: { name: "Hedy" } }));
});

beside("throw: the data, or an error with the status", 3, async (client, say, person, said) => {
  said.push(await client.signUp.email(person, { throw: true }));
  said.push((await client.getSession({ fetchOptions: { throw: true } })).user.name);
  const error = await client.signIn
    .email({ email: person.email, password: "wrong wrong wrong", fetchOptions: { throw: true } })
    .catch((thrown) => thrown);
  said.push([error instanceof Error, error.status, error.error.code, error.error.message]);
});

const hooks = (who, seen) => ({
  onRequest: ({ method }) => void seen.push([who, "request", method]),
  onResponse: ({ response }) => void seen.push([who, "response", response.status]),
  onSuccess: ({ data }) => void seen.push([who, "success", Object.keys(data)]),
  onError: ({ error }) => void seen.push([who, "error", error.status, error.code]),
});

beside(
  "hooks of the call, then of the client",
  12,
  async (client, say, person, said) => {
    await client.signUp.email(person, hooks("call", said));
    await client.signIn.email({ email: person.email, password: "wrong wrong wrong", fetchOptions: hooks("call", said) });
  },
  (said) => hooks("client", said),
);

test("both clients send the same requests", async () => {
  const calls = [
    (client) => client.getSession(),
    (client) => client.signIn.social({ provider: "github", callbackURL: "/in" }),
    (client) => client.signIn.oauth2({ providerId: "x" }),
    (client) => client.twoFactor.verifyTOTP({ code: "1" }),
    (client) => client.getAccessToken({ accountId: "1" }, { method: "PUT" }),
    (client) => client.admin.listUsers({ query: { limit: 10, sortBy: "name", filter: ["a", "b"] } }),
    (client) => client.signOut({ fetchOptions: { headers: { "x-test": "1", "x-none": undefined } } }),
    (client) => client.revokeSessions(),
    (client) => client.organization.setActive({ organizationId: null }),
    (client) => client.updateUser({ name: "a b+c&d", when: new Date(0) }),
    (client) => client.getSession({}, { body: { more: 1 } }),
    (client) => client.updateUser({ name: "A" }, { body: { more: 1 } }),
    (client) => client.updateUser({ name: "A" }, { method: "put" }),
    (client) => client.updateUser({ name: "A" }, { method: "GET" }),
    (client) => client.$fetch("/some/path?a=1", { query: { b: 2 } }),
    (client) => client.$fetch("somePath", { method: "POST", body: { a: 1 } }),
    (client) => client.$fetch("https://other.example/path", { query: { b: 2 } }),
    (client) => client.getSession({}, { auth: { type: "Bearer", token: async () => "t" } }),
    (client) => client.getSession({}, { auth: { type: "Bearer", token: () => undefined } }),
    (client) => client.getSession({}, { auth: { type: "Basic", username: "a", password: () => "b" } }),
    (client) => client.getSession({}, { auth: { type: "Custom", prefix: "Token", value: "v" } }),
    (client) => client.verifyEmail({ query: { token: "a b+c&d=é" } }),
  ];
  const record = async (create) => {
    const seen = [];
    const customFetchImpl = async (url, init) => {
      seen.push({
        url: String(url),
        method: init.method,
        headers: [...new Headers(init.headers)].sort(),
        body: init.body ?? null,
        credentials: init.credentials,
      });
      return Response.json({});
    };
    const client = create({ baseURL: "https://example.com", fetchOptions: { customFetchImpl, headers: { "x-all": "1" } } });
    for (const call of calls) await call(client);
    return seen;
  };
  const ours = await record(createOurs);
  assert.equal(ours.length, calls.length);
  assert.deepEqual(ours, await record(createTheirs));
});

test("methods and actions of a plugin work in both clients", async () => {
  const passkey = { id: "passkey", getActions: ($fetch) => ({ signIn: { passkey: () => $fetch("/passkey/options", { method: "GET" }) } }) };
  const record = async (create) => {
    const seen = [];
    const customFetchImpl = async (url, { method, body }) => (seen.push([String(url), method, body ?? null]), Response.json({}));
    const client = create({
      baseURL: "https://example.com",
      fetchOptions: { customFetchImpl },
      plugins: [adminClient(), usernameClient(), passkey],
    });
    await client.signIn.passkey();
    await client.signIn.email({ email: "a", password: "b" });
    await client.signIn.username({ username: "a", password: "b" });
    await client.admin.listUsers({ query: { limit: 1 } });
    await client.admin.stopImpersonating();
    return seen;
  };
  const ours = await record(createOurs);
  assert.equal(ours.length, 5);
  assert.deepEqual(ours, await record(createTheirs));
});

test("both clients derive paths from names by the same rule", async () => {
  const names = [
    "getSession",
    "oAuth2Callback",
    "listSSOProviders",
    "verifyTOTP",
    "SSOLogin",
    "a1b2",
    "A1",
    "v2Users",
    "x9Y",
    "snake_case",
    "OTP",
    "sendOTPTo2FA",
    "jwks",
    "ok",
  ];
  for (const name of names) {
    let path;
    await createOurs({
      baseURL: "https://example.com",
      fetchOptions: { customFetchImpl: async (url) => ((path = new URL(url).pathname), Response.json({})) },
    }).x[name]();
    assert.equal(path, `/api/auth/x/${toKebabCase(name)}`);
  }
});

test("both clients resolve a base URL in the same way", async () => {
  const bases = [
    { baseURL: "https://example.com" },
    { baseURL: "https://example.com/" },
    { baseURL: "https://example.com/auth" },
    { baseURL: "https://example.com/auth/" },
    { baseURL: "https://example.com", basePath: "/other" },
    { baseURL: "https://example.com", basePath: "/" },
    { baseURL: "https://example.com/auth", basePath: "/other" },
  ];
  for (const options of bases) {
    const urls = [];
    const customFetchImpl = async (url) => (urls.push(String(url)), Response.json({}));
    for (const create of [createOurs, createTheirs]) await create({ ...options, fetchOptions: { customFetchImpl } }).getSession();
    assert.equal(urls[0], urls[1]);
  }
});
