// The client in a page: two devices with a real server, and all faults.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { reportCases } from "../support/report.mjs";
import { launch, openTab } from "./browser.mjs";
import { startFaults } from "./faults.mjs";
import { startServer } from "./server.mjs";

const [server, browser, { faults, close }] = await Promise.all([startServer(), launch(), startFaults()]);
after(() => Promise.all([server.close(), browser.close(), close()]));
const tab = await openTab(browser, server.url);

const devices = await tab.evaluate(async () => {
  const [{ createAuthClient }, { scenario }, { runAll }] = await Promise.all([
    import("/dist/client.js"),
    import("/client/scenario.mjs"),
    import("/suite/kit.mjs"),
  ]);
  return runAll(scenario({ createAuthClient, baseURL: location.origin, cookies: () => ({}), bare: { credentials: "omit" } }));
});
const wrong = await tab.evaluate(async (at) => {
  const [{ createAuthClient }, { faultCases }, { runAll }] = await Promise.all([
    import("/dist/client.js"),
    import("/client/fault-cases.mjs"),
    import("/suite/kit.mjs"),
  ]);
  return runAll(faultCases({ createAuthClient, faults: at, nowhere: "http://127.0.0.1:1", page: true }));
}, faults);

// The tests themselves come last: a runner whose tests are all done does not wait for a page.
reportCases("two devices in Chromium", devices, 13);
reportCases("faults in Chromium", wrong, 30);

test("faults in Chromium: offline", async () => {
  await tab.context().setOffline(true);
  const { data, error } = await tab.evaluate(async () => (await import("/dist/client.js")).createAuthClient().getSession());
  await tab.context().setOffline(false);
  assert.deepEqual([data, error.status, error.code], [null, 0, "NETWORK_ERROR"]);
});

test("nothing was thrown or left unhandled in the page", () => assert.deepEqual(tab.errors, []));
