// IVs and nonces are drawn inside the modules. Where the platform has no random bytes to give, as Workers while they load
// a module, nothing is minted or sealed: no zeros stand in for what is missing.
import assert from "node:assert/strict";
import { test } from "node:test";
import "../../dist/edge.js";
import "../../dist/index.js";
import { coreWasm } from "../../dist/lib/runtime/core.js";
import { gateWasm } from "../../dist/lib/runtime/gate.js";
import { cookieHeader } from "../edge/mint.mjs";
import { SECRET } from "../../../harness/origin.mjs";

const session = { cookieCache: { enabled: true, strategy: "jwe", maxAge: 300, refreshCache: true } };
const options = JSON.stringify({ secret: SECRET, session });

/** Returns the places that draw random bytes, each as a function that returns "" if it gets none. */
function drawing() {
  const verifier = new (coreWasm.live().Verifier)(options);
  const gate = new (gateWasm.live().Gate)(options, "{}");
  // Its window has almost passed, so that it is due to be minted again.
  const cookie = cookieHeader({ at: Date.now() - 290_000, options: { session } });
  return {
    mint: () => verifier.mint('{"id":"s","token":"t","userId":"u"}', '{"id":"u"}', "", "", 0, Date.now()),
    renew: () => gate.renew(cookie, 0, Date.now()),
    seal: () => gate.seal('{"session":{},"user":{}}', "GET", "/", "", 0, Date.now()),
  };
}

test("no two values are alike", () => {
  for (const [name, draw] of Object.entries(drawing())) {
    const drawn = Array.from({ length: 50 }, draw);
    assert.ok(
      drawn.every((value) => value !== ""),
      name,
    );
    assert.equal(new Set(drawn).size, 50, name);
  }
});

test("without random bytes there is no value", (t) => {
  const functions = Object.entries(drawing());
  t.mock.method(globalThis.crypto, "getRandomValues", () => {
    throw new Error("Disallowed operation called within global scope");
  });
  for (const [name, draw] of functions) assert.equal(draw(), "", name);
});
