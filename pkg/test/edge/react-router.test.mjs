// React Router's data requests: `/x.data` has the rules of the page `/x`, for loaders and actions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSessionGate } from "better-session/edge";
import { SECRET } from "../../../harness/origin.mjs";
import { sessionContext, sessionMiddleware } from "../../dist/react-router.js";
import { cookieHeader } from "./mint.mjs";

const DAY = 86_400_000;
const routes = { public: ["/contact"], fresh: ["/account/delete"], when: { "/admin/**": () => false } };
const options = { secret: SECRET, session: { cookieCache: { enabled: true } }, origin: "http://127.0.0.1:1", routes };
const middleware = sessionMiddleware(createSessionGate(options));

/** Returns the status, and the text that the action read. */
async function send(method, path, cookie) {
  const request = new Request(`http://app.example${path}`, {
    method,
    headers: cookie ? { cookie } : {},
    body: method === "GET" ? undefined : "a=1",
  });
  let read;
  const next = async () => ((read = await request.text()), new Response("done"));
  const response = await middleware({ request, context: { set: (key) => assert.equal(key, sessionContext) } }, next);
  return [response.status, read ?? null];
}

test("an action's data request has the rules of its page", async () => {
  const old = cookieHeader({ session: { createdAt: new Date(Date.now() - 3 * DAY).toISOString() } });
  for (const method of ["POST", "PUT", "DELETE"]) {
    for (const path of ["/account/delete", "/account/delete.data", "/admin/users", "/admin/users.data"])
      assert.deepEqual(await send(method, path, old), [403, null], `${method} ${path}`);
    for (const path of ["/contact", "/contact.data"]) assert.deepEqual(await send(method, path), [200, "a=1"], `${method} ${path}`);
    for (const path of ["/account", "/account.data"]) assert.deepEqual(await send(method, path), [401, null], `${method} ${path}`);
    assert.deepEqual(await send(method, "/account.data", old), [200, "a=1"]);
  }
  assert.deepEqual(await send("GET", "/account/delete.data", old), [403, null]);
});
