// The client in pages in which its module cannot be compiled: the JavaScript build of the same Rust passes the same suite.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { reportCases } from "../support/report.mjs";
import { launch, openTab } from "./browser.mjs";
import { startFaults } from "./faults.mjs";
import { startServer } from "./server.mjs";

const [server, browser, { faults, close }] = await Promise.all([startServer(), launch(), startFaults()]);
after(() => Promise.all([server.close(), browser.close(), close()]));

/** Scripts that take a feature away from a page before it runs. */
const lacks = {
  "WebAssembly": () => delete globalThis.WebAssembly,
  "SIMD": () => {
    const { compile } = WebAssembly;
    WebAssembly.compile = (bytes) => {
      // The opcode prefix of SIMD, as an engine without it sees it.
      if (new Uint8Array(bytes).includes(0xfd)) return Promise.reject(new WebAssembly.CompileError("invalid opcode 0xfd"));
      return compile(bytes);
    };
  },
  "deflate-raw": () => delete globalThis.DecompressionStream,
  "TextDecoder": () => {
    delete globalThis.TextDecoder;
    delete globalThis.WebAssembly;
  },
};

const pages = [];
for (const [what, remove] of Object.entries(lacks)) {
  const context = await browser.newContext();
  await context.addInitScript(remove);
  const tab = await openTab(browser, server.url, context);
  const results = await tab.evaluate(async (at) => {
    const [{ createAuthClient }, { scenario }, { faultCases }, { runAll }] = await Promise.all([
      import("/dist/client.js"),
      import("/client/scenario.mjs"),
      import("/client/fault-cases.mjs"),
      import("/suite/kit.mjs"),
    ]);
    const cases = [
      ...scenario({ createAuthClient, baseURL: location.origin, cookies: () => ({}), bare: { credentials: "omit" } }),
      ...faultCases({ createAuthClient, faults: at, nowhere: "http://127.0.0.1:1", page: true }),
    ];
    const loaded = () => performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/client-javascript.js"));
    const before = loaded();
    const results = await runAll(cases);
    results.push({ name: "the JavaScript build is loaded on demand", error: !before && loaded() ? null : `${before}, ${loaded()}` });
    return results;
  }, faults);
  pages.push({ what, results, errors: tab.errors });
}

// The tests themselves come last: a runner whose tests are all done does not wait for a page.
for (const { what, results, errors } of pages) {
  reportCases(`a page without ${what}`, results, 44);
  test(`a page without ${what}: nothing was thrown or left unhandled`, () => assert.deepEqual(errors, []));
}

test("a page whose policy forbids compiling", async () => {
  const context = await browser.newContext();
  await context.route("**/*", async (route) => {
    const response = await route.fetch();
    const policy = response.headers()["content-security-policy"]?.replace(" 'wasm-unsafe-eval'", "");
    await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } });
  });
  const tab = await openTab(browser, server.url, context);
  const seen = await tab.evaluate(async () => {
    const { createAuthClient } = await import("/dist/client.js");
    const blocked = await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).catch(({ name }) => name);
    return [blocked, (await createAuthClient().getSession()).error];
  });
  assert.deepEqual(seen, ["CompileError", null]);
});
