// Runs the code of the pages in docs/runtimes, and of the README where it is a whole program, in front of a real Better Auth server.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { compile } from "svelte/compiler";
import { compileScript, parse } from "vue/compiler-sfc";
import { SECRET, signUp, startOrigin } from "../../../harness/origin.mjs";
import { launch, openTab, until } from "../client/browser.mjs";
import { startServer } from "../client/server.mjs";
import { bundle as bundleWorker } from "../edge/support.mjs";
import { installPacked, root } from "../support/pack.mjs";
import { blocksOf } from "./blocks.mjs";

const { folder, remove } = installPacked();
/** Sources of pages have to lie where their packages are found. */
const pages = mkdtempSync(join(import.meta.dirname, ".pages-"));
let origin, server, browser;
before(async () => {
  const trusted = { auth: { trustedOrigins: ["http://localhost:*", "http://127.0.0.1:*"] } };
  [origin, server, browser] = await Promise.all([startOrigin(trusted), startServer(), launch()]);
});
after(async () => {
  await Promise.all([origin?.close(), server?.close(), browser?.close()]);
  rmSync(pages, { recursive: true, force: true });
  remove();
});

/** Returns the first block below a heading. */
function blockBelow(document, heading) {
  const lines = readFileSync(join(root, document), "utf8").split("\n");
  const at = lines.indexOf(`## ${heading}`);
  assert.ok(at >= 0, `${document} has no section ${heading}`);
  return blocksOf(document).find(({ line, language }) => line > at && language !== "sh").text;
}

/** Returns the only block of a page of docs/runtimes, apart from commands. */
function blockOfPage(name) {
  const blocks = blocksOf(`docs/runtimes/${name}.md`).filter(({ language }) => language !== "sh");
  assert.equal(blocks.length, 1, name);
  return blocks[0].text;
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  await new Promise((closed) => probe.close(closed));
  return port;
}

/** Signs a visitor up through a site, asks for a page that shows the name, and for one without cookies. */
async function drive(site, named = "/account") {
  const jar = await signUp({ url: site, basePath: "/api/auth" });
  const get = async (path, headers) => {
    const response = await fetch(site + path, { headers, redirect: "manual" });
    return [response.status, await response.text()];
  };
  const [status, text] = await get(named, { cookie: jar.header() });
  assert.deepEqual([status, /Ada Lovelace/.test(text)], [200, true], text);
  assert.equal((await get("/account", {}))[0], 401);
}

/** Starts a program with a runtime's binary, drives the site and ends it. `code` is a text, or a function of the port; that program has no app. */
async function runServer(name, code, command, ...args) {
  const port = await freePort();
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, typeof code === "function" ? code(port) : code);
  const site = `http://localhost:${port}`;
  const env = {
    ...process.env,
    PORT: String(port),
    BETTER_AUTH_SECRET: SECRET,
    BETTER_AUTH_URL: site,
    AUTH_ORIGIN: origin.url,
    NO_COLOR: "1",
  };
  const child = spawn(command, [...args, file], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "exit");
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (log += text));
  try {
    await until(() => {
      assert.equal(child.exitCode, null, log);
      return fetch(site, { redirect: "manual" }).catch(() => false);
    }, `${name} answers: ${log}`);
    await drive(site, typeof code === "function" ? "/api/auth/get-session" : "/account");
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}

/** The binary of a runtime in the packages of the quick part of the matrix, which `make setup` installs. */
const runtime = (name, file) => join(root, ".tools/matrix/quick/node_modules", `${name}-${process.platform}-${process.arch}`, file);

test("docs/runtimes/node.md", () => runServer("node", blockOfPage("node"), process.execPath));
test("docs/runtimes/bun.md", () => runServer("bun", blockOfPage("bun"), runtime("bun", "bin/bun"), "run"));
test("docs/runtimes/deno.md", () => {
  const flags = ["--allow-net", "--allow-env", "--allow-read", "--no-lock", "--node-modules-dir=manual"];
  return runServer("deno", blockOfPage("deno"), runtime("deno", "deno"), "run", ...flags);
});
test("README, Node, Deno and Bun", () => {
  const ofReader = (port) =>
    blockBelow("README.md", "Node, Deno and Bun")
      .replace('"https://example.com"', `"http://localhost:${port}"`)
      .replace('"http://localhost:3000"', JSON.stringify(origin.url))
      .replace("listen(8080)", `listen(${port})`);
  return runServer("readme", ofReader, process.execPath);
});

/** Runs a Worker in workerd. */
async function runWorker(name, code) {
  const port = await freePort();
  const site = `http://localhost:${port}`;
  const file = join(pages, `${name}.mjs`);
  writeFileSync(file, code(site));
  const workerd = new Miniflare({
    host: "127.0.0.1",
    port,
    cf: false,
    modules: await bundleWorker(file),
    compatibilityDate: "2026-04-01",
    bindings: { BETTER_AUTH_SECRET: SECRET, BETTER_AUTH_URL: site, AUTH_ORIGIN: origin.url },
    durableObjects: { REVOCATIONS: { className: "RevocationLog", useSQLite: true } },
  });
  try {
    await workerd.ready;
    await drive(site);
  } finally {
    await workerd.dispose();
  }
}

test("docs/runtimes/cloudflare-workers.md", () => runWorker("worker", () => blockOfPage("cloudflare-workers")));
test("README, Cloudflare Worker", () => {
  const ofReader = (site) =>
    blockBelow("README.md", "Cloudflare Worker")
      .replace('"https://example.com"', JSON.stringify(site))
      .replace('"https://auth.example.com"', JSON.stringify(origin.url));
  return runWorker("readme-worker", ofReader);
});

test("README, Quick start", async () => {
  const jar = await signUp(origin);
  const code = readFileSync(join(root, "README.md"), "utf8").split("## Quick start")[1].split("```js\n")[1].split("```")[0];
  const request = `const request = new Request("http://localhost/", { headers: { cookie: process.env.COOKIE } });\n`;
  writeFileSync(
    join(folder, "quick.mjs"),
    code.replace('"https://example.com"', JSON.stringify(origin.url)).replace("\n\n", `\n\n${request}`),
  );
  const env = { ...process.env, BETTER_AUTH_SECRET: SECRET, COOKIE: jar.header() };
  const child = spawn(process.execPath, ["quick.mjs"], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (text) => (output += text));
  await once(child, "close");
  assert.match(output, /^\S+@example\.com true 2/);
});

/** Makes a module of a block that leaves the gate to the reader, and imports it. */
async function importWithGate(name, code) {
  const options = { secret: SECRET, baseURL: origin.url, origin: origin.url, session: { cookieCache: { enabled: true } } };
  const gate = `import { createSessionGate } from "better-session/edge"; const gate = createSessionGate(${JSON.stringify(options)});\n`;
  const outfile = join(pages, `${name}.mjs`);
  const stdin = { contents: gate + code, resolveDir: pages, loader: "ts" };
  await build({ stdin, bundle: true, packages: "external", platform: "node", format: "esm", outfile, logLevel: "error" });
  return import(pathToFileURL(outfile).href);
}

/** Returns the block of the README below a line in bold. */
const blockOf = (title) =>
  readFileSync(join(root, "README.md"), "utf8")
    .split(`**${title}**`)[1]
    .split(/```\w+\n/)[1]
    .split("```")[0];
const context = { waitUntil: () => {}, passThroughOnException: () => {} };

test("README, Hono", async () => {
  const { app } = await importWithGate("hono", `${blockOf("Hono")}\nexport { app };`);
  const jar = await signUp(origin);
  const get = (headers) => app.fetch(new Request(`${origin.url}/account`, { headers }), {}, context);
  assert.equal((await (await get({ cookie: jar.header() })).json()).name, "Ada Lovelace");
  assert.equal((await get({})).status, 401);
});

test("README, Your own fetch handler", async () => {
  const { handler } = await importWithGate("own", `export async function handler(request, ctx) {\n${blockOf("Your own fetch handler")}\n}`);
  const jar = await signUp(origin);
  const get = async (headers) => (await handler(new Request(`${origin.url}/`, { headers }), context)).json();
  assert.equal((await get({ cookie: jar.header() })).user.name, "Ada Lovelace");
  assert.equal((await get({})).user, null);
});

const compilers = {
  name: "components",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, ({ path }) => ({
      contents: compile(readFileSync(path, "utf8"), { generate: "client", filename: path }).js.code,
      loader: "js",
    }));
    onLoad({ filter: /\.vue$/ }, ({ path }) => {
      const { descriptor } = parse(readFileSync(path, "utf8"), { filename: path });
      return { contents: compileScript(descriptor, { id: "account", inlineTemplate: true }).content, loader: "js" };
    });
  },
};
/** The language of each page's file, and the program that mounts its component in the element `main`. */
const bundled = (stdin) =>
  build({
    stdin,
    bundle: true,
    write: false,
    format: "esm",
    jsx: "automatic",
    conditions: ["browser", "production"],
    define: {
      "process.env.NODE_ENV": '"production"',
      "__VUE_OPTIONS_API__": "false",
      "__VUE_PROD_DEVTOOLS__": "false",
      "__VUE_PROD_HYDRATION_MISMATCH_DETAILS__": "false",
    },
    plugins: [compilers],
    logLevel: "error",
  }).then(({ outputFiles }) => outputFiles[0].text);

const components = {
  page: ["js", ""],
  react: [
    "tsx",
    'import { createElement } from "react"; import { createRoot } from "react-dom/client"; createRoot(main).render(createElement(Account));',
  ],
  vue: ["vue", 'import { createApp } from "vue"; createApp(Account).mount(main);'],
  svelte: ["svelte", 'import { mount } from "svelte"; mount(Account, { target: main });'],
  solid: ["js", 'import { render } from "solid-js/web"; render(Account, main);'],
};

for (const [name, [extension, program]] of Object.entries(components))
  test(`docs/runtimes/${name}.md`, async () => {
    const at = join(pages, name);
    mkdirSync(at);
    const code = blockOfPage(name);
    writeFileSync(join(at, `account.${extension}`), code);
    const main = 'const main = document.querySelector("main");';
    const contents = program ? `import Account from "./account.${extension}"; ${main} ${program}` : code;
    const script = `/docs-${name}.js`;
    server.files[script] = await bundled({ contents, resolveDir: at });
    const tab = await openTab(browser, server.url);
    await tab.evaluate(async () => {
      const { createAuthClient } = await import("/dist/client.js");
      await createAuthClient().signUp.email({
        email: `${crypto.randomUUID()}@example.com`,
        password: "correct horse battery",
        name: "Ada",
      });
    });
    await tab.evaluate((script) => import(script).then(() => {}), script);
    const shows = (text) =>
      until(() => tab.evaluate(() => document.querySelector("button")?.textContent.trim()).then((seen) => seen === text), text);
    await shows("Sign Ada out");
    await tab.click("button");
    await shows("Nobody is signed in");
    assert.deepEqual(tab.errors, []);
    await tab.close();
  });

test("README, Browser", async () => {
  // Names that the reader's application has.
  const names = "const { token, render, askForThePasswordAgain } = globalThis.reader;\n";
  server.files["/docs-readme.js"] = await bundled({ contents: names + blockBelow("README.md", "Browser"), resolveDir: pages });
  const tab = await openTab(browser, server.url);
  const result = await tab.evaluate(async () => {
    const { createAuthClient } = await import("/dist/client.js");
    const client = createAuthClient();
    const account = { email: `${crypto.randomUUID()}@example.com`, password: "correct horse battery" };
    await client.signUp.email({ ...account, name: "Ada" });
    const [{ token }] = (await client.listSessions()).data;
    await client.signIn.email(account);
    const drawn = [];
    globalThis.reader = {
      token,
      render: (user, isPending) => drawn.push([user?.name, isPending]),
      askForThePasswordAgain: () => drawn.push("password"),
    };
    await import("/docs-readme.js");
    for (const deadline = Date.now() + 20_000; drawn.at(-1)?.[1] !== false && Date.now() < deadline;)
      await new Promise((turn) => setTimeout(turn, 25));
    const left = (await client.listSessions()).data;
    return { last: drawn.at(-1), left: left.length, revoked: !left.some((session) => session.token === token) };
  });
  assert.deepEqual(result, { last: ["Ada", false], left: 1, revoked: true });
  assert.deepEqual(tab.errors, []);
  await tab.close();
});
