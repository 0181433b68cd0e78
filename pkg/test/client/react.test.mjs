// The hook in React 18 and 19, in StrictMode and beside a component that suspends, with the real nanostores.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { launch, openTab, until } from "./browser.mjs";
import { startServer } from "./server.mjs";

const versions = { 18: { react: "react-18", "react-dom": "react-dom-18" }, 19: {} };

let server, browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
  for (const [version, alias] of Object.entries(versions)) {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL("components.mjs", import.meta.url))],
      bundle: true,
      write: false,
      format: "esm",
      platform: "browser",
      conditions: ["browser"],
      alias,
      define: { "process.env.NODE_ENV": '"development"' },
      logLevel: "error",
    });
    server.files[`/react-${version}.js`] = outputFiles[0].text;
  }
});
after(() => Promise.all([server?.close(), browser?.close()]));

for (const version of Object.keys(versions))
  test(`React ${version}`, async () => {
    const tab = await openTab(browser, server.url);
    const complaints = [];
    tab.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await tab.evaluate((file) => import(file), `/react-${version}.js`);
    const full = await tab.evaluate(() => app.version);
    assert.equal(full.split(".")[0], version);
    const looks = () => server.looks(`react ${full}`);
    const text = (id) => tab.evaluate((id) => app.text(id), id);
    const shows = (id, expected) => until(async () => (await text(id)) === expected, `${id}: ${expected}`);

    await tab.evaluate(() =>
      app.client.signUp.email({ email: `${crypto.randomUUID()}@example.com`, password: "correct horse battery", name: "Ada" }),
    );
    await tab.evaluate(() => app.mount());
    await shows("late", "late");
    for (const id of ["name-0", "vanilla", "nano", "computed"]) await shows(id, "Ada");
    assert.equal(looks(), 1, "StrictMode mounts twice, and Suspense again: that is one look");

    // 50 more components come and go.
    for (const count of [50, 1, 50, 2]) {
      await tab.evaluate((count) => app.show(count), count);
      await until(async () => (await tab.evaluate(() => document.querySelectorAll("b").length)) === count, `${count} components`);
    }
    await shows("name-1", "Ada");
    assert.equal(looks(), 1);

    // A look that finds nothing new renders for `isRefetching` twice, and no more.
    const before = await tab.evaluate(() => app.renders());
    await tab.evaluate(() => app.client.useSession.get().refetch());
    const more = (await tab.evaluate(() => app.renders())) - before;
    assert.ok(more <= 2 * 2 * 2, `${more} renders of two components under StrictMode`);

    // Both clients are of one server, so one hears of what the other did.
    await tab.evaluate(() => app.client.updateUser({ name: "Grace" }));
    for (const id of ["name-0", "vanilla", "nano", "computed"]) await shows(id, "Grace");
    await tab.evaluate(() => app.client.signOut());
    for (const id of ["name-0", "nano", "vanilla", "computed"]) await shows(id, "nobody");

    await tab.evaluate(() => app.unmount());
    assert.deepEqual(await tab.evaluate(() => [app.client.useSession.lc, app.client.useSession.get().data]), [0, null]);
    const { html, text: hydrated, faults } = await tab.evaluate(() => app.hydrate());
    assert.match(html, /pending/);
    assert.deepEqual([hydrated, faults], ["nobody", []]);
    assert.deepEqual([tab.errors, complaints.filter((line) => !/ 40\d /.test(line))], [[], []]);
    await tab.close();
  });
