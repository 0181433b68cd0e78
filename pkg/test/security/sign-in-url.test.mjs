// `signInURL` on another site opens no path of this one.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { raw } from "../edge/raw.mjs";
import { inBoth, startInBoth } from "./support.mjs";

const started = {};
before(async () => {
  const plain = { advanced: { useSecureCookies: false } };
  const start = (gate) => startInBoth({ gate: { ...plain, ...gate }, app: true });
  const signInURL = "https://id.example/account";
  started.elsewhere = await start({ routes: { signInURL } });
  started.otherThanBase = await start({ baseURL: "https://app.example", routes: { signInURL } });
  started.sameAsBase = await start({ baseURL: "https://app.example/api/auth", routes: { signInURL: "https://app.example:443/account" } });
  started.relative = await start({ routes: { signInURL: "/account?theme=dark" } });
});
after(() => Promise.all(Object.values(started).map(({ close }) => close())));

const PAGE = { accept: "text/html" };

/** Sends a request without cookies. `host` is the visitor's choice. */
async function visit(gate, headers = {}) {
  const { status, headers: answered } = await raw(gate.url, "/account", { headers: Object.entries(headers) });
  return { status, location: answered.get("location") };
}

for (const name of ["elsewhere", "otherThanBase"]) {
  inBoth(
    `the path of a sign-in page on another site requires a session on this one: ${name}`,
    () => started[name],
    async (gate) => {
      for (const host of [undefined, "id.example", "id.example:443"]) {
        const named = host ? { host, "x-forwarded-host": host, "x-forwarded-proto": "https" } : {};
        assert.equal((await visit(gate, named)).status, 401, host);
        const page = await visit(gate, { ...named, ...PAGE });
        assert.equal(page.status, 302);
        assert.match(page.location, /^https:\/\/id\.example\/account\?callbackURL=/);
      }
    },
  );
}

for (const name of ["sameAsBase", "relative"]) {
  inBoth(
    `the sign-in page of this site is public: ${name}`,
    () => started[name],
    async (gate) => {
      assert.equal((await visit(gate, PAGE)).status, 200);
      const { status } = await raw(gate.url, "/account/other", { headers: [] });
      assert.equal(status, 401);
    },
  );
}
