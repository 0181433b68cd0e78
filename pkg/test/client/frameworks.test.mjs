// The client in components of React, Vue, Svelte and Solid: rendered on a server, hydrated in Chromium without a request, and current.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { compile } from "svelte/compiler";
import { launch, openTab, until } from "./browser.mjs";
import { startServer } from "./server.mjs";

const folder = join(import.meta.dirname, "frameworks");
/** Bundles of components for Node have to lie where their packages are found. */
const temporary = mkdtempSync(join(import.meta.dirname, ".frameworks-"));

let server, browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
});
after(async () => {
  rmSync(temporary, { recursive: true, force: true });
  await Promise.all([server?.close(), browser?.close()]);
});

/** Compiles `.svelte` files for a server or a page. */
const svelte = (generate) => ({
  name: "svelte",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { js } = compile(await readFile(path, "utf8"), { generate, filename: path, dev: generate === "client" });
      return { contents: js.code, loader: "js" };
    });
  },
});

async function bundle(name, page) {
  const { outputFiles } = await build({
    entryPoints: [join(folder, `${name}.mjs`)],
    bundle: true,
    write: false,
    format: "esm",
    platform: page ? "browser" : "node",
    conditions: page ? ["browser", "development"] : ["node"],
    // The server's renderers are not part of a page.
    external: page ? ["vue/server-renderer", "react-dom/server", "svelte/server"] : [],
    packages: page ? "bundle" : "external",
    define: {
      "process.env.NODE_ENV": '"development"',
      "__VUE_OPTIONS_API__": "false",
      "__VUE_PROD_DEVTOOLS__": "false",
      "__VUE_PROD_HYDRATION_MISMATCH_DETAILS__": "true",
    },
    plugins: [svelte(page ? "client" : "server")],
    logLevel: "error",
  });
  return outputFiles[0].text;
}

for (const name of ["react", "vue", "svelte", "solid"])
  test(`${name}: rendered on a server, hydrated, and current`, async () => {
    const file = join(temporary, `${name}.mjs`);
    writeFileSync(file, await bundle(name, false));
    const onServer = await import(pathToFileURL(file).href);
    server.files[`/framework-${name}.js`] = await bundle(name, true);

    const tab = await openTab(browser, server.url);
    const complaints = [];
    tab.on("console", (message) => /warn|error/.test(message.type()) && complaints.push(message.text()));
    const session = await tab.evaluate(async () => {
      const { createAuthClient } = await import("/dist/client.js");
      const client = createAuthClient();
      await client.signUp.email({ email: `${crypto.randomUUID()}@example.com`, password: "correct horse battery", name: "Ada" });
      return JSON.parse(JSON.stringify((await client.getSession()).data));
    });
    const html = await onServer.render(session);
    assert.match(html.replace(/<!--.*?-->/g, ""), /<b[^>]*>Ada 0<\/b>/);
    assert.match(
      (await onServer.render(null)).replace(/<!--.*?-->/g, ""),
      /<b[^>]*>nobody 0<\/b>/,
      "no session stays in the server's process",
    );

    await tab.evaluate(
      async ({ name, html, session }) => {
        document.querySelector("main").innerHTML = html;
        globalThis.before = document.querySelector("b");
        globalThis.app = await import(`/framework-${name}.js`);
        await app.hydrate(document.querySelector("main"), session);
      },
      { name, html, session },
    );
    const text = () => tab.evaluate(() => document.querySelector("b").textContent);
    const shows = (expected) => until(async () => (await text()) === expected, `${name}: ${expected}`);
    await tab.evaluate(() => new Promise((turn) => setTimeout(turn, 1000)));
    assert.deepEqual([await text(), server.looks(name)], ["Ada 0", 0], "no request beside the server's");
    assert.equal(await tab.evaluate(() => document.querySelector("b") === before), true, "the server's element is kept");

    await tab.evaluate(() => void app.client.click());
    await shows("Ada 1");
    await tab.evaluate(() => app.client.updateUser({ name: "Grace" }).then(() => {}));
    await shows("Grace 1");
    assert.equal(server.looks(name), 1);
    await tab.evaluate(() => app.client.signOut().then(() => {}));
    await shows("nobody 1");
    assert.deepEqual([tab.errors, complaints], [[], []]);
    await tab.close();
  });
