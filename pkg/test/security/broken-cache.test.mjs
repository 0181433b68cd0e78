// A cache cookie that nobody can read keeps nobody out: the lookup goes without it, because the server answers 500 to it.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { signUp } from "../../../harness/origin.mjs";
import { visit } from "../edge/support.mjs";
import { inBoth, startInBoth } from "./support.mjs";

let pair;
before(async () => {
  pair = await startInBoth({ app: true });
});
after(() => pair?.close());

inBoth(
  "a valid token beside a malformed cache is looked up without the cache",
  () => pair,
  async (gate) => {
    const jar = await signUp(pair.origin);
    for (const broken of ["{}", "!!", "%E0%A4", "a.b"]) {
      jar.set("better-auth.session_data", broken);
      const response = await visit(gate, { size: 1, header: () => jar.header(), store() {} }, "/account");
      assert.equal(response.status, 200, broken);
      assert.equal((await response.json()).user.email, jar.user.email);
      assert.ok(
        response.headers.getSetCookie().some((line) => line.startsWith("better-auth.session_data=")),
        "a new cache",
      );
    }
  },
);
