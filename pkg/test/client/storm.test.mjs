// Calm: 50 components come and go, the page is focused 20 times and 10 signals arrive, all within ten seconds. The server counts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, openTab, until } from "./browser.mjs";
import { startServer } from "./server.mjs";

let server, browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
});
after(() => Promise.all([server?.close(), browser?.close()]));

/** The storm in a tab, counted as `who`: how many looks there were when it was over, how many later, and how many there may be. */
async function storm(who, { hold = 0, signedIn = true } = {}) {
  const tab = await openTab(browser, server.url);
  const lasted = await tab.evaluate(
    async ({ who, hold, signedIn }) => {
      const { createAuthClient } = await import("/dist/client.js");
      const calm = { headers: { "x-test": who, "x-hold": String(hold) } };
      globalThis.client = createAuthClient({ fetchOptions: calm });
      const quick = { headers: { "x-hold": "0" } };
      if (signedIn) await client.signUp.email({ email: `${who}@example.com`, password: "correct horse battery", name: "Ada" }, quick);
      const began = performance.now();
      const at = (ms, run) => new Promise((done) => setTimeout(() => done(run()), ms));
      const { useSession } = client;
      const component = (i) => {
        const stop = useSession.subscribe(() => {});
        // All is over within ten seconds. The last one stays, to see how it ends.
        return i < 49 && at(i % 3 ? 30 : 1500, stop);
      };
      const signal = (i) => (i % 2 && signedIn ? client.updateUser({ name: `name ${i}` }, quick) : client.$store.notify("$sessionSignal"));
      const all = (count, run) => Array.from({ length: count }, (_, i) => at((i * 8000) / count, () => run(i)));
      await Promise.all([...all(50, component), ...all(20, () => window.dispatchEvent(new Event("focus"))), ...all(10, signal)]);
      return performance.now() - began;
    },
    { who, hold, signedIn },
  );
  const looks = server.looks(who);
  const seen = () => tab.evaluate(() => client.useSession.get().data?.user.name);
  if (signedIn) await until(async () => (await seen()) === "name 9", "the last change");
  await tab.evaluate(() => new Promise((quiet) => setTimeout(quiet, 3000)));
  const later = server.looks(who);
  await tab.close();
  assert.deepEqual(tab.errors, []);
  // A machine that stalls makes the storm longer than the ten seconds that three are for.
  return { looks, later, most: 3 * Math.ceil(lasted / 10_000) };
}

test("at most 3 requests with fast responses, with responses that take 3 s, and without a session", async (t) => {
  const storms = { quick: {}, slow: { hold: 3000 }, nobody: { signedIn: false } };
  const counts = await Promise.all(Object.entries(storms).map(([who, options]) => storm(who, options)));
  Object.keys(storms).forEach((who, at) => {
    const { looks, later, most } = counts[at];
    t.diagnostic(`${who}: ${looks} looks in the storm, ${later} when all was quiet`);
    assert.ok(looks >= 1 && looks <= most, `${who}: ${looks} looks, not ${most}`);
    assert.ok(later <= looks + 2, `${who}: ${later} looks in the end`);
  });
});
