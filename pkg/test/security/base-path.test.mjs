// Each accepted form of `basePath`: forwarded calls are recorded, reports arrive, and get-session is answered by the gate.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { betterSession } from "../../dist/plugin.js";
import { createSessionGate, memoryFeed } from "../../dist/edge.js";
import { SECRET, signIn, signUp } from "../../../harness/origin.mjs";
import { eventually } from "../revocation/support.mjs";
import { inBoth } from "./support.mjs";
import { act, believed, page, standing, startRevoking } from "./revoking.mjs";

const SPELLINGS = ["/api//auth", "/api/./auth", "/api/auth/", "api/auth", "/api/x/../%61uth"];

for (const basePath of SPELLINGS) {
  describe(basePath, () => {
    let at;
    let gateURL = "http://127.0.0.1:9/api/auth";
    before(async () => {
      const plugin = betterSession({
        gate: "http://gate.example/api/auth",
        gather: 0,
        fetch: (request) =>
          fetch(gateURL + "/better-session/marks", { method: "POST", headers: request.headers, body: request.body, duplex: "half" }),
      });
      at = await startRevoking({ origin: { plugins: [plugin] }, gate: { basePath } });
    });
    after(() => at?.close());

    inBoth(
      "a forwarded revocation is recorded",
      () => at,
      async (gate) => {
        const a = await signUp(at.origin);
        const b = await signIn(at.origin, a.credentials);
        for (const jar of [a, b]) await believed(gate, jar);
        await act(gate, a, "/revoke-session", { body: { token: b.token } });
        assert.equal(await standing(gate, b), "invalidated");
        assert.equal((await page(gate, b)).status, 401);
        assert.equal((await page(gate, a)).status, 200);
      },
    );

    inBoth(
      "get-session is answered without a lookup",
      () => at,
      async (gate) => {
        const jar = await signUp(at.origin);
        await believed(gate, jar);
        const before = at.origin.requests.length;
        assert.equal((await (await act(gate, jar, "/get-session")).json()).user.id, jar.user.id);
        assert.equal(at.origin.requests.length, before);
      },
    );

    inBoth(
      "a plugin's report arrives",
      () => at,
      async (gate) => {
        gateURL = `${gate.url}/api/auth`;
        const a = await signUp(at.origin);
        const b = await signIn(at.origin, a.credentials);
        for (const jar of [a, b]) await believed(gate, jar);
        await act(at.origin, a, "/revoke-session", { body: { token: b.token } });
        await eventually(
          () => standing(gate, b),
          (reason) => reason === "invalidated",
          "the report",
        );
      },
    );
  });
}

test("a basePath without a canonical form throws an error that does not quote it", () => {
  const options = { secret: SECRET, origin: "http://127.0.0.1:9", revocation: { feed: memoryFeed() } };
  for (const basePath of [
    "",
    "/",
    "/api/..",
    "/api%2fauth",
    "/api/%zz",
    "/api;v=1/auth",
    "/api/auth?a=b",
    "/api/auth#a",
    "/a%2561uth",
    "https://app.example/api/auth",
    "/api/\u0000auth",
    7,
  ]) {
    assert.throws(
      () => createSessionGate({ ...options, basePath }),
      (error) => {
        assert.equal(error.name, "BetterSessionError");
        assert.equal(error.code, "OPTION_INVALID", String(basePath));
        assert.match(error.message, /^basePath must be/);
        return true;
      },
      String(basePath),
    );
  }
});
