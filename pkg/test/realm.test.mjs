// Runtimes that compile a module in one context and run the code in another, as the edge runtime of Next.js and test runners do.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";
import { createVerifier, useCore } from "../dist/slim.js";

test("a module that another context compiled is started", () => {
  const bytes = readFileSync(new URL("../dist/core.wasm", import.meta.url));
  const module = vm.runInNewContext("new WebAssembly.Module(bytes)", { bytes });
  assert.ok(!(module instanceof WebAssembly.Module), "it is not of this realm");
  useCore(module);
  const { reason } = createVerifier({ secret: "an-example-secret-of-32-bytes-or-more" }).verify("");
  assert.equal(reason, "no_cookie");
});
