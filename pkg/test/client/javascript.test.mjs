// The client without WebAssembly in Node: the same Rust as JavaScript passes the suite of the module.
import "./support.mjs";
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, test } from "node:test";
import { device } from "./device.mjs";
import { startFaults } from "./faults.mjs";
import { startServer } from "./server.mjs";

const [server, { faults, close }] = await Promise.all([startServer(), startFaults()]);
after(() => Promise.all([server.close(), close()]));

// Node's own fetch is made of a module as well: it is loaded before compiling is forbidden.
await (await fetch(`${faults}/text`)).text();
let compiled = 0;
WebAssembly.compile = async () => {
  compiled += 1;
  throw new WebAssembly.CompileError("forbidden by the test");
};
const instances = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = function (...given) {
  instances.push(given);
  return new Instance(...given);
};

const { createAuthClient } = await import("better-session/client");
const [{ scenario }, { faultCases }] = await Promise.all([import("./scenario.mjs"), import("./fault-cases.mjs")]);
const cookies = () => ({ customFetchImpl: device(server).fetch });
const bare = { customFetchImpl: (url, init) => device(server).fetch(url, init) };

for (const [name, run] of scenario({ createAuthClient, baseURL: server.url, cookies, bare })) test(`two devices in Node: ${name}`, run);
for (const [name, run] of faultCases({ createAuthClient, faults, nowhere: "http://127.0.0.1:1", page: false }))
  test(`faults in Node: ${name}`, run);

test("the module was tried once, and never ran", () => assert.deepEqual([compiled, instances.length], [1, 0]));

test("an exception inside the program fails its call, and the next call has a new instance", async () => {
  const client = createAuthClient({ baseURL: faults, basePath: "/" });
  const broken = {
    headers: new Headers(),
    get ok() {
      throw new Error("broken");
    },
  };
  const { data, error } = await client.$fetch("/text", { customFetchImpl: async () => broken });
  assert.deepEqual([data, error.status, error.code, error.message], [null, 0, "RUNTIME_ERROR", "broken"]);
  assert.deepEqual(await client.$fetch("/text", { retry: { attempts: 2, delay: 10 } }), { data: "pong", error: null });
});

test("CommonJS loads it by require, which Jest needs", async () => {
  const client = createRequire(import.meta.url)("better-session/client").createAuthClient({ baseURL: faults, basePath: "/" });
  assert.deepEqual(await client.$fetch("/text", { retry: { attempts: 2, delay: 10 } }), { data: "pong", error: null });
  assert.deepEqual([compiled, instances.length], [2, 0]);
});
