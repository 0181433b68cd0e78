// Where the module cannot be compiled, the error says which of the three reasons it is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createVerifier } from "better-session";

const { compile, Module, validate } = WebAssembly;
const options = { secret: "a secret of thirty-two characters", session: { cookieCache: { enabled: true } } };

function reason(prepare) {
  const whole = globalThis.WebAssembly;
  try {
    prepare();
    createVerifier(options);
  } catch ({ code, message, cause }) {
    assert.equal(code, "WASM_UNAVAILABLE");
    assert.ok(cause instanceof Error);
    return message;
  } finally {
    globalThis.WebAssembly = whole;
    Object.assign(WebAssembly, { compile, Module, validate });
  }
  return "no error";
}

test("no WebAssembly", () =>
  assert.match(
    reason(() => delete globalThis.WebAssembly),
    /has no WebAssembly\.$/,
  ));

test("no SIMD", () => {
  const scalar = (bytes) => !bytes.includes(123);
  const message = reason(() => {
    WebAssembly.validate = scalar;
    WebAssembly.Module = function () {
      throw new WebAssembly.CompileError("invalid value type 0x7b");
    };
  });
  assert.match(message, /SIMD/);
});

test("a policy that forbids compiling", () => {
  const message = reason(() => {
    WebAssembly.Module = function () {
      throw new WebAssembly.CompileError("Wasm code generation disallowed by embedder");
    };
  });
  assert.match(message, /wasm-unsafe-eval/);
  assert.match(message, /workerd/);
});

test("the next call compiles it", () => assert.equal(createVerifier(options).verify("").status, "unauthenticated"));
