import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { startTwoGates, twoDevices, act, refused, visit } from "./support.mjs";
let at;
before(async () => (at = await startTwoGates()));
after(() => at?.close());
test("revoke", async () => {
  const { a, b } = await twoDevices(at);
  await act(at.one, a, "/revoke-session", { token: b.token });
  const t = Date.now();
  await refused(at.two, b);
  console.log(Date.now() - t);
  assert.equal((await visit(at.two, a)).status, 200);
});
