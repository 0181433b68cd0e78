// An app with ten plugins on Better Auth's client and on this one, each with a real server of its own: the same calls have the same
// data and errors, and send the same requests.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAuthClient as createTheirs } from "better-auth/client";
import { createAuthClient as createOurs } from "better-session/client";
import { CookieJar } from "../../../harness/origin.mjs";
import { calls } from "./plugin-calls.mjs";
import { ORIGIN, clientPlugins, plain, startServer } from "./plugin-server.mjs";

/** Plays all calls. Returns their results and their requests. */
async function play(create) {
  const { auth, codes, promote } = startServer();
  const jar = new CookieJar();
  const requests = [];
  const customFetchImpl = async (url, init) => {
    const headers = new Headers(init.headers);
    const { body = null, method, credentials } = init;
    requests.push({ url: String(url), method, credentials, headers: [...headers].sort(), body: plain(body && JSON.parse(body)) });
    headers.set("origin", ORIGIN);
    if (jar.size) headers.set("cookie", jar.header());
    const response = await auth.handler(new Request(url, { method, headers, body }));
    jar.store(response);
    return response;
  };
  const redirects = [];
  const client = create({
    baseURL: ORIGIN,
    fetchOptions: { customFetchImpl, headers: { "x-app": "1" } },
    plugins: clientPlugins(({ twoFactorMethods }) => redirects.push(twoFactorMethods)),
  });
  const state = { codes, promote };
  const results = [];
  for (const [plugin, call] of calls) results.push([plugin, plain(await call(client, state))]);
  return {
    results,
    requests: requests.map((request) => ({ ...request, url: request.url.replace(/([?&](?:\w*id|token|\w*Id)=)[^&]+/g, "$1…") })),
    redirects,
  };
}

const [ours, theirs] = [await play(createOurs), await play(createTheirs)];

test(`${calls.length} calls of ten plugins`, () => {
  assert.ok(calls.length >= 150, `${calls.length}`);
  assert.equal(new Set(calls.map(([plugin]) => plugin)).size, 11);
  const succeeded = ours.results.filter(([, result]) => result?.error === null).length;
  assert.ok(succeeded >= 80, `${succeeded} calls succeed`);
});

for (const [at, [plugin, call]] of calls.entries()) {
  const name = `${plugin} ${at}: ${String(call).replace(/\s+/g, " ").slice(0, 90)}`;
  test(name, () => assert.deepEqual(ours.results[at], theirs.results[at]));
}

test("both send the same requests", () => {
  assert.equal(ours.requests.length, theirs.requests.length);
  for (const [at, request] of ours.requests.entries()) assert.deepEqual(request, theirs.requests[at]);
});

test("both call onTwoFactorRedirect", () => {
  assert.equal(ours.redirects.length, 1);
  assert.deepEqual(ours.redirects, theirs.redirects);
});
