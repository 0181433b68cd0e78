// An instance that traps: that call fails closed, the next one works. The trap is real (`unreachable`); only where
// it happens is arranged, by standing between the package and WebAssembly.Instance.
import assert from "node:assert/strict";
import { test } from "node:test";

const TRAPPING = "AGFzbQEAAAABBAFgAAADAgEABwUBAXQAAAoFAQMAAAs="; // (func (export "t") unreachable)
const Instance = WebAssembly.Instance;
const { t: trap } = new Instance(new WebAssembly.Module(Buffer.from(TRAPPING, "base64"))).exports;

const instances = [];
let trapNext = "";
WebAssembly.Instance = function (module, imports) {
  const { exports } = new Instance(module, imports);
  instances.push(exports);
  const guarded = Object.entries(exports).map(([name, value]) => [
    name,
    typeof value !== "function" ? value : (...args) => (trapNext && name.startsWith(trapNext) ? ((trapNext = ""), trap()) : value(...args)),
  ]);
  return { exports: Object.fromEntries(guarded) };
};

const { createVerifier, decode } = await import("../dist/index.js");
const { getCookieCache } = await import("../dist/cookies.js");
const { cookie, now, options, secret, session, signedToken, throws, user } = await import("./suite/kit.mjs");

// Without the memory each call enters WebAssembly.
const verifier = createVerifier({ ...options(), remember: false });
const other = createVerifier(options({ strategy: "jwt" }));
const value = verifier.mint({ session, user }, { at: now });
const header = cookie(await signedToken(), value);
const works = () => assert.equal(verifier.verify(header, now).status, "authenticated");

/** Runs with the next call of an export trapping; one new instance is made for the call after it. */
function trapped(name, run) {
  const before = instances.length;
  trapNext = name;
  const result = run();
  assert.equal(trapNext, "", "the export was not called");
  works();
  assert.equal(instances.length, before + 1);
  return result;
}

test("verify fails closed and works again, for this and every other verifier", () => {
  works();
  assert.deepEqual(
    trapped("verifier_verify", () => verifier.verify(header, now)),
    { status: "unauthenticated", reason: "runtime_failure" },
  );
  assert.equal(other.verify(header, now).reason, "strategy_mismatch");
});

test("open, decode and getCookieCache fail closed", async () => {
  assert.deepEqual(
    trapped("verifier_open", () => verifier.open(value, now)),
    { ok: false, reason: "runtime_failure" },
  );
  assert.equal(
    trapped("decode", () => decode(value)),
    null,
  );
  assert.equal(decode(value).strategy, "compact");
  const request = new Headers({ cookie: `better-auth.session_data=${value}` });
  assert.equal(await trapped("verifier_open", () => getCookieCache(request, { secret, isSecure: false })), null);
});

test("mint and createVerifier say so", () => {
  trapped("verifier_mint", () => throws(() => verifier.mint({ session, user }), "CORE_FAILED"));
  trapped("verifier_new", () => throws(() => createVerifier(options()), "CORE_FAILED"));
});

test("a refused configuration costs no instance", () => {
  const before = instances.length;
  throws(() => createVerifier({ secret: "" }), "SECRET_EMPTY");
  works();
  assert.equal(instances.length, before);
});

test("memory that grew is read where it is now", () => {
  const expected = verifier.verify(header, now);
  instances.at(-1).memory.grow(1);
  assert.deepEqual(verifier.verify(header, now), expected);
  instances.at(-1).memory.grow(1);
  assert.deepEqual(verifier.open(value, now).session, expected.session);
});

test("twenty thousand calls, refused ones among them, do not grow the memory", () => {
  const { memory } = instances.at(-1);
  for (let i = 0; i < 100; i++) verifier.verify(header, now);
  const before = memory.buffer.byteLength;
  for (let i = 0; i < 10_000; i++) {
    verifier.verify(header, now);
    verifier.verify(`${header}x; a=${i}`, now);
  }
  assert.equal(memory.buffer.byteLength, before);
});
