// The checks of a session behind `visitor.signal` end with the response, whoever has guarded it.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { createSessionGate } from "better-session/edge";
import { SECRET } from "../../../harness/origin.mjs";
import { TOKEN, tokenPair } from "./mint.mjs";

/** An origin whose sessions last 300 ms from each lookup on, so that an open connection is looked up again and again. */
const origin = () => {
  const counted = { lookups: 0 };
  counted.fetch = () => {
    counted.lookups += 1;
    const session = {
      id: "s",
      token: TOKEN,
      userId: "u",
      createdAt: new Date(),
      updatedAt: new Date(),
      expiresAt: new Date(Date.now() + 300),
    };
    return Response.json({ session, user: { id: "u", name: "Ada", email: "ada@example.com" } });
  };
  return counted;
};
const gateOf = (of) => createSessionGate({ secret: SECRET, session: { cookieCache: { enabled: true } }, hiddenFields: {}, origin: of });
const request = () => new Request("http://app.example/p", { headers: { cookie: tokenPair() } });
const ctx = { waitUntil() {} };

for (const [name, guardedBy] of Object.entries({
  "by nobody": (_, response) => response,
  "by its own gate": ({ gate, visitor }, response) => gate.guard(response, visitor),
  "by another gate": async ({ other }, response) => other.guard(response, await other.authenticate(request(), ctx)),
})) {
  test(`a response that is guarded ${name} ends the checks of its visitor`, async () => {
    const [own, others] = [origin(), origin()];
    const [gate, other] = [gateOf(own), gateOf(others)];
    let body;
    const response = await gate.fetch(request(), ctx, (_, visitor) => {
      visitor.signal.addEventListener("abort", () => {});
      const stream = new ReadableStream({ start: (controller) => void (body = controller) });
      return guardedBy({ gate, other, visitor }, new Response(stream));
    });
    await sleep(1500);
    assert.ok(own.lookups > 1, `checked while it is open: ${own.lookups}`);
    body.close();
    await response.text();
    await sleep(100);
    const before = own.lookups;
    await sleep(1500);
    assert.equal(own.lookups, before);
  });
}
