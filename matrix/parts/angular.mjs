// Angular: the recipe of docs/runtimes/angular.md in a real app, rendered on a server, hydrated in Chromium without a request, and current.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { startOrigin } from "../../harness/origin.mjs";
import { launch, openTab, until } from "../../pkg/test/client/browser.mjs";
import { locked, root, write } from "../support.mjs";

export const title = "Angular";

/** Writes the lines of the page as a function. */
function writeRecipe(folder) {
  const [, lines] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, "docs/runtimes/angular.md"), "utf8"));
  const imports = 'import { DestroyRef, inject, signal } from "@angular/core";\nimport { authClient } from "./client.js";\n';
  write(folder, "recipe.ts", `${imports}export function followSession() {\n${lines}return session;\n}\n`);
}

function bundle(folder, name, options) {
  return build({
    entryPoints: [join(folder, `${name}.ts`)],
    bundle: true,
    format: "esm",
    outfile: join(folder, `out/${name}.mjs`),
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } },
    logLevel: "error",
    ...options,
  });
}

async function recipe() {
  const folder = await locked("angular");
  writeRecipe(folder);
  await bundle(folder, "page", { platform: "browser", conditions: ["browser", "development"] });
  await bundle(folder, "server", { platform: "node", packages: "external" });
  // Angular's own builder defines it.
  globalThis.ngServerMode = true;
  const onServer = await import(pathToFileURL(join(folder, "out/server.mjs")).href);
  let html = "";
  const origin = await startOrigin({
    app: (request, response) => {
      const isScript = request.url === "/page.mjs";
      const body = isScript ? readFileSync(join(folder, "out/page.mjs")) : html;
      response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" }).end(body);
    },
  });
  const browser = await launch();
  try {
    const tab = await openTab(browser, origin.url);
    const complaints = [];
    tab.on("console", (message) => /warn|error/.test(message.type()) && complaints.push(message.text()));
    const session = await tab.evaluate(async () => {
      const body = JSON.stringify({ email: "ada@example.com", password: "correct horse battery", name: "Ada" });
      await fetch("/api/auth/sign-up/email", { method: "POST", headers: { "content-type": "application/json" }, body });
      return (await fetch("/api/auth/get-session")).json();
    });
    const nobody = await onServer.render(null);
    html = await onServer.render(session);
    if (!/<b[^>]*>Ada<\/b>/.test(html) || !/<b[^>]*>nobody<\/b>/.test(nobody)) throw new Error(`the server renders ${html}`);
    const data = JSON.stringify(session).replaceAll("<", "\\u003c");
    html = html.replace(
      "</body>",
      `<script>globalThis.initial = ${data}; globalThis.before = document.querySelector("b")</script><script type="module" src="/page.mjs"></script></body>`,
    );
    await tab.reload();
    const lookups = () => origin.requests.filter(({ path, headers }) => path.includes("/get-session") && headers["x-app"]).length;
    const shows = (name) => until(() => tab.evaluate((name) => document.querySelector("b").textContent === name, name), name);
    await tab.evaluate(async () => {
      await started;
      await new Promise((turn) => setTimeout(turn, 1000));
    });
    await shows("Ada");
    if (lookups() > 0) throw new Error("the hydrated page sends a request");
    if (!(await tab.evaluate(() => document.querySelector("b") === before))) throw new Error("the server's element is replaced");
    await tab.evaluate(() => authClient.updateUser({ name: "Grace" }).then(() => {}));
    await shows("Grace");
    await tab.evaluate(() => authClient.signOut().then(() => {}));
    await shows("nobody");
    const listeners = await tab.evaluate(async () => {
      const during = authClient.useSession.lc;
      (await started).destroy();
      return [during, authClient.useSession.lc];
    });
    if (listeners.join() !== "1,0") throw new Error(`listeners before and after: ${listeners}`);
    if (tab.errors.length + complaints.length > 0) throw new Error([...tab.errors, ...complaints].join("\n"));
    return "server-rendered, hydrated without a request, and current";
  } finally {
    await browser.close();
    await origin.close();
  }
}

export const cases = [["Angular 22.2.0", "the recipe of the README, compiled in the browser", recipe]];
