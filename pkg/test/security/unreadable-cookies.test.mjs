// Cookies that the server reads and the gate refuses to read: the server acts on them, so what it ends is recorded all the same.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { signUp } from "../../../harness/origin.mjs";
import { inBoth } from "./support.mjs";
import { act, believed, page, standing, startRevoking } from "./revoking.mjs";

let at;
before(async () => {
  at = await startRevoking();
});
after(() => at?.close());

/** Spellings of a header in which the server's router finds the token, and the gate two values or none. */
const SPELLINGS = {
  "a second, planted token": (header) => `${header}; better-auth.session_token=x`,
  "an empty second token": (header) => `${header}; better-auth.session_token=`,
};

/** A jar whose header is spelt otherwise; what answers set goes into the original. */
const spelt = (jar, respell) => ({ size: 1, header: () => respell(jar.header()), store: (response) => jar.store(response) });

for (const [name, respell] of Object.entries(SPELLINGS)) {
  inBoth(
    `a sign-out with ${name} ends the session at the gate too`,
    () => at,
    async (gate) => {
      const jar = await signUp(at.origin);
      await believed(gate, jar);
      const stolen = jar.clone();
      await act(gate, spelt(jar, respell), "/sign-out", { body: {} });
      assert.equal(await standing(gate, stolen), "invalidated");
      assert.equal((await page(gate, stolen)).status, 401);
    },
  );

  inBoth(
    `revoke-sessions with ${name} concerns the caller alone`,
    () => at,
    async (gate) => {
      const bystander = await signUp(at.origin);
      const jar = await signUp(at.origin);
      for (const each of [bystander, jar]) await believed(gate, each);
      const stolen = jar.clone();
      await act(gate, spelt(jar, respell), "/revoke-sessions", { body: {} });
      assert.equal(await standing(gate, stolen), "invalidated");
      assert.equal(await standing(gate, bystander), "authenticated");
    },
  );
}
