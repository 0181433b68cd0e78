// `deferSessionRefresh`: the gate refreshes a session with a second request, a POST. A failure of that request ends no session.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before } from "node:test";
import { eq } from "drizzle-orm";
import { signUp } from "../../../harness/origin.mjs";
import { visit } from "../edge/support.mjs";
import { inBoth, startInBoth } from "./support.mjs";

const session = { deferSessionRefresh: true, updateAge: 60, cookieCache: { enabled: true } };
/** Handles the gate's POST instead of the server, unless it is null. */
let refresh = null;
let proxy, started;

before(async () => {
  const before = async (origin) => {
    proxy = createServer((request, response) => void pass(origin, request, response));
    await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${proxy.address().port}` };
  };
  started = await startInBoth({ origin: { session }, gate: { session }, app: true, before });
});
after(async () => {
  await started?.close();
  proxy?.close();
  proxy?.closeAllConnections();
});
const both = (name, run) => inBoth(name, () => started, run);

async function pass(origin, request, response) {
  const url = new URL(request.url, "http://proxy");
  if (refresh && request.method === "POST" && url.pathname.endsWith("/get-session")) {
    const { status, body, headers } = await refresh();
    response.writeHead(status, { "content-type": "application/json", ...headers });
    return response.end(body);
  }
  const { host, connection, ...headers } = request.headers;
  const body = request.method === "GET" ? undefined : await new Response(request).text();
  const answer = await fetch(origin.url + request.url, { method: request.method, headers, body, redirect: "manual" });
  response.writeHead(answer.status, { "content-type": "application/json", "set-cookie": answer.headers.getSetCookie() });
  response.end(await answer.text());
}

/** Returns a user whose session is due for a refresh, without a cache. */
async function due() {
  const jar = await signUp(started.origin);
  const { db, tables } = started.origin;
  await db
    .update(tables.session)
    .set({ expiresAt: new Date(Date.now() + 86_400_000) })
    .where(eq(tables.session.token, jar.token));
  return jar.dropCache();
}

async function expiry(jar) {
  const { db, tables } = started.origin;
  const [row] = await db.select().from(tables.session).where(eq(tables.session.token, jar.token));
  return row?.expiresAt.getTime() - Date.now();
}

const setsCookie = (response, name) =>
  response.headers.getSetCookie().some((line) => line.startsWith(`better-auth.${name}=`) && !/Max-Age=0/.test(line));

both("a refresh is carried out, and its cookies are passed on", async (gate) => {
  refresh = null;
  const jar = await due();
  const response = await visit(gate, jar.clone(), "/account");
  assert.equal(response.status, 200, await response.text());
  assert.ok((await expiry(jar)) > 6 * 86_400_000, "the server has refreshed it");
  assert.ok(setsCookie(response, "session_token") && setsCookie(response, "session_data"));
});

both("a refresh that is forbidden, garbled or lost leaves the first answer", async (gate) => {
  const jar = await due();
  const stranger = { "set-cookie": "better-auth.session_token=strangers.token; Path=/" };
  for (const [status, body] of [
    [403, '{"code":"INVALID_ORIGIN"}'],
    [403, "null"],
    [200, "<html>"],
    [200, ""],
    [200, '{"session":{},"user":{}}'],
    [404, "null"],
    [405, "{}"],
    [429, "{}"],
    [500, "null"],
    [302, ""],
  ]) {
    refresh = () => ({ status, body, headers: stranger });
    const response = await visit(gate, jar.clone(), "/account");
    assert.equal(response.status, 200, `${status} ${body}`);
    assert.equal((await response.json()).user.id, jar.user.id);
    assert.ok(setsCookie(response, "session_data"), "the first answer's cache");
    assert.ok(!setsCookie(response, "session_token"), `cookies of an answer that is not believed: ${status} ${body}`);
  }
});

both("401 and null end the session, and no cache is set", async (gate) => {
  const jar = await due();
  for (const [status, body] of [
    [401, "{}"],
    [200, "null"],
  ]) {
    refresh = () => ({ status, body, headers: { "set-cookie": "better-auth.session_data=; Max-Age=0; Path=/" } });
    const response = await visit(gate, jar.clone(), "/account");
    assert.equal(response.status, 401, `${status} ${body}`);
    assert.ok(!setsCookie(response, "session_data"), "or the ended session would be believed for the cache's window");
    assert.match(response.headers.getSetCookie().join(), /session_data=; Max-Age=0/);
  }
});
