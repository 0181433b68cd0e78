// A trap in gate.wasm: the request is rejected with the true reason, and the next one works. The trap is real
// (`unreachable`); only where it happens is arranged.
import assert from "node:assert/strict";
import { test } from "node:test";

const TRAPPING = "AGFzbQEAAAABBAFgAAADAgEABwUBAXQAAAoFAQMAAAs="; // (func (export "t") unreachable)
const Instance = WebAssembly.Instance;
const { t: trap } = new Instance(new WebAssembly.Module(Buffer.from(TRAPPING, "base64"))).exports;
let trapNext = "";
WebAssembly.Instance = function (module, imports) {
  const { exports } = new Instance(module, imports);
  const guarded = Object.entries(exports).map(([name, value]) => [
    name,
    typeof value !== "function" ? value : (...args) => (name === trapNext ? ((trapNext = ""), trap()) : value(...args)),
  ]);
  return { exports: Object.fromEntries(guarded) };
};
const { createSessionGate } = await import("../../dist/edge.js");
const { cookieHeader } = await import("./mint.mjs");
const { SECRET } = await import("../../../harness/origin.mjs");

const gate = createSessionGate({ secret: SECRET, origin: "http://127.0.0.1:1", session: { cookieCache: { enabled: true } } });
const request = () => new Request("http://app.example/account", { headers: { cookie: cookieHeader() } });
const FAILED = { status: "unauthenticated", reason: "runtime_failure" };

test("check: the verdict is runtime_failure, the next one is authenticated", () => {
  trapNext = "gate_check";
  assert.deepEqual(gate.check(request()), FAILED);
  assert.equal(gate.check(request()).status, "authenticated");
});

test("authenticate: nobody, with the reason runtime_failure", async () => {
  trapNext = "gate_start";
  const { verdict, session, user, source } = await gate.authenticate(request());
  assert.deepEqual({ verdict, session, user, source }, { verdict: FAILED, session: null, user: null, source: null });
  assert.equal((await gate.authenticate(request())).source, "cookie");
});

test("fetch: 503 GATE_UNAVAILABLE, and next is not called", async () => {
  trapNext = "gate_start";
  const response = await gate.fetch(request(), undefined, () => assert.fail("next was called"));
  assert.equal(response.status, 503);
  assert.equal((await response.json()).code, "GATE_UNAVAILABLE");
  assert.equal((await gate.fetch(request(), undefined, () => new Response("app"))).status, 200);
});
