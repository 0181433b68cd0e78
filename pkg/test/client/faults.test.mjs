// All faults in Node, and the memory after ten thousand calls.
import "./support.mjs";
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startFaults } from "./faults.mjs";

// The module's one instance, so that its memory can be looked at.
const instances = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = function (module, imports) {
  const instance = new Instance(module, imports);
  if (imports["./client_bg.js"]) instances.push(instance.exports); // Node's own fetch is made of a module as well
  return instance;
};
const unhandled = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

const { createAuthClient } = await import("better-session/client");
const { faultCases } = await import("./fault-cases.mjs");

const { faults, close } = await startFaults();
after(close);

for (const [name, run] of faultCases({ createAuthClient, faults, nowhere: "http://127.0.0.1:1", page: false })) test(name, run);

test("one instance served all calls, so nothing trapped", () => assert.equal(instances.length, 1));

test("10,000 calls do not grow the module's memory and table", async () => {
  const [wasm] = instances;
  const memory = Object.values(wasm).find((value) => value instanceof WebAssembly.Memory);
  const table = Object.values(wasm).find((value) => value instanceof WebAssembly.Table);
  const customFetchImpl = async (url) => (/fail/.test(url) ? Promise.reject(new Error("no")) : Response.json([{ id: "1", token: "t" }]));
  const client = createAuthClient({ baseURL: "https://example.com", fetchOptions: { customFetchImpl } });
  const hundred = () =>
    Promise.all(
      Array.from({ length: 25 }, () => [
        client.listSessions(),
        client.fail(),
        client.signIn.email({ email: "a", password: "b" }),
        client.revokeSession({ id: "1" }),
      ]).flat(),
    );
  await hundred();
  const before = [memory.buffer.byteLength, table.length];
  for (let round = 0; round < 100; round++) await hundred();
  assert.deepEqual([memory.buffer.byteLength, table.length], before);
});

test("a trap fails its call, and the next call has a new instance", async () => {
  const broken = {
    headers: new Headers(),
    get ok() {
      throw new Error("broken");
    },
  };
  const client = createAuthClient({ baseURL: faults, basePath: "/" });
  const { data, error } = await client.$fetch("/text", { customFetchImpl: async () => broken });
  assert.deepEqual([data, error.status, error.code, error.message], [null, 0, "RUNTIME_ERROR", "broken"]);
  assert.deepEqual(await client.$fetch("/text", { retry: { attempts: 2, delay: 10 } }), { data: "pong", error: null });
  assert.equal(instances.length, 2);
});

/** Returns a response at which the module traps. */
const broken = () => ({
  headers: new Headers(),
  get ok() {
    throw new Error("broken");
  },
});

test("traps of some calls leave others alone that are under way", async () => {
  const client = createAuthClient({ baseURL: "https://example.com" });
  const waiting = [];
  const call = (make) => client.$fetch("/other", { customFetchImpl: () => new Promise((go) => waiting.push(() => go(make()))) });
  const good = () => Response.json({ good: true });
  const calls = [good, broken, good, broken, good].map(call);
  while (waiting.length < calls.length) await new Promise((turn) => setTimeout(turn, 1));
  const { error } = await client.$fetch("/broken", { customFetchImpl: async () => broken() });
  assert.equal(error.code, "RUNTIME_ERROR");
  // All at once: each of them finds the instance that the one before has trapped.
  for (const go of waiting) go();
  const results = await Promise.all(calls);
  assert.deepEqual(
    results.map(({ data, error }) => data ?? error.message),
    [{ good: true }, "broken", { good: true }, "broken", { good: true }],
  );
});

test("no rejection was left unhandled", async () => {
  await new Promise((turn) => setTimeout(turn, 50));
  assert.deepEqual(unhandled, []);
});
