// A public page of the app is private if the request has session cookies, unless the app declares it shared.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createSessionGate } from "better-session/edge";
import { SECRET } from "../../../harness/origin.mjs";
import { cookieHeader, tokenPair } from "../edge/mint.mjs";
import { inBoth, startInBoth } from "./support.mjs";

let started;
before(async () => void (started = await startInBoth({ gate: { routes: { public: ["/public/**"] } }, app: true })));
after(() => started?.close());

async function page(gate, query, headers = {}, path = "/public/x") {
  const response = await fetch(`${gate.url}${path}?${new URLSearchParams({ ...query, "set-cache-control": "public, max-age=600" })}`, {
    headers,
  });
  const { status, headers: answered } = response;
  return { status, caching: answered.get("cache-control"), vary: answered.get("vary"), text: await response.text() };
}

const PUBLIC = "public, max-age=600";
const PRIVATE = "private, no-store";
const known = () => ({ cookie: cookieHeader() });

inBoth(
  "a body that reads the visitor while it streams is private",
  () => started,
  async (gate) => {
    const answer = await page(gate, { stream: "" }, known());
    assert.deepEqual([answer.text, answer.caching, answer.vary], ["hello ada@example.com", PRIVATE, "cookie"]);
  },
);

inBoth(
  "a public response to a request with a session cookie or a credential is private, valid or not",
  () => started,
  async (gate) => {
    for (const headers of [
      known(),
      { cookie: tokenPair() },
      { cookie: "a=1; better-auth.session_token=forged" },
      { cookie: "__Secure-better-auth.session_data.0=x" },
      { cookie: "better-auth.session_token_multi-abc=x" },
      { authorization: "Bearer x" },
      { "x-api-key": "x" },
    ]) {
      const { caching, vary } = await page(gate, { blind: "" }, headers);
      assert.deepEqual([caching, vary], [PRIVATE, "cookie"], JSON.stringify(headers));
    }
  },
);

inBoth(
  "without a session's cookie the app's word stands",
  () => started,
  async (gate) => {
    for (const headers of [{}, { cookie: "theme=dark; better-auth.state=x; xbetter-auth.session_token=1" }]) {
      assert.equal((await page(gate, { blind: "" }, headers)).caching, PUBLIC);
      assert.deepEqual(await page(gate, { stream: "" }, headers), { status: 200, caching: PUBLIC, vary: null, text: "hello nobody" });
      assert.equal((await page(gate, {}, headers)).caching, PRIVATE, "it was read before the answer left");
    }
  },
);

inBoth(
  "share declares that the answer does not depend on the visitor, and a later read throws",
  () => started,
  async (gate) => {
    assert.deepEqual([(await page(gate, { share: "", blind: "" }, known())).caching], [PUBLIC]);
    const late = await page(gate, { share: "", stream: "" }, known());
    assert.deepEqual([late.caching, late.text], [PUBLIC, "hello BetterSessionError VISITOR_READ_LATE"]);
  },
);

inBoth(
  "on a path that needs a session share changes nothing",
  () => started,
  async (gate) => {
    const { status, caching, text } = await page(gate, { share: "", stream: "" }, known(), "/account");
    assert.deepEqual([status, caching, text], [200, PRIVATE, "hello ada@example.com"]);
  },
);

test("share after a read, or after next has returned, does not make an answer public", async () => {
  const gate = createSessionGate({
    secret: SECRET,
    origin: "http://127.0.0.1:1",
    session: { cookieCache: { enabled: true } },
    routes: { public: ["/**"] },
  });
  const answer = (use) =>
    gate.fetch(new Request("http://app.example/", { headers: known() }), undefined, (_, visitor) => {
      use(visitor);
      return new Response("", { headers: { "cache-control": PUBLIC } });
    });
  const afterRead = await answer((visitor) => {
    assert.equal(visitor.user.name, "Ada Lovelace");
    visitor.share();
    assert.equal(visitor.user.name, "Ada Lovelace");
  });
  assert.equal(afterRead.headers.get("cache-control"), PRIVATE);
  assert.equal((await answer((visitor) => void setTimeout(visitor.share, 1))).headers.get("cache-control"), PRIVATE);
  for (const read of [
    ({ verdict }) => verdict,
    ({ session }) => session,
    ({ user }) => user,
    ({ seal }) => seal(new Request("http://app.example/")),
  ]) {
    await answer((visitor) => {
      visitor.share();
      assert.throws(() => read(visitor), { name: "BetterSessionError", code: "VISITOR_READ_LATE" });
    });
  }
});
