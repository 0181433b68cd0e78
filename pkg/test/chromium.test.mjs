// The packed package in Chromium: a plain module script, no bundler, under a strict Content-Security-Policy.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { after } from "node:test";
import { chromium as browserType } from "playwright-core";
import { chromium, chromiumFlags, installPacked } from "./support/pack.mjs";
import { reportCases } from "./support/report.mjs";

const { folder, remove } = installPacked();
after(remove);

const types = { ".mjs": "text/javascript", ".js": "text/javascript", ".html": "text/html" };
const page = `<!doctype html><title>suite</title><script type="module" src="/page.mjs"></script>`;
const script = `import * as lib from "/node_modules/better-session/dist/index.js";
import * as cookies from "/node_modules/better-session/dist/cookies.js";
import { runSuite } from "/suite/index.mjs";
globalThis.results = await runSuite(lib, cookies);`;

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url, "http://localhost").pathname);
  response.setHeader("content-security-policy", "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'");
  response.setHeader("content-type", types[extname(path)] ?? "text/html");
  const file = join(folder, path);
  if (path === "/") response.end(page);
  else if (path === "/page.mjs") response.end(script);
  else if (existsSync(file) && statSync(file).isFile()) createReadStream(file).pipe(response);
  else response.writeHead(404).end();
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
after(() => server.close());

const browser = await browserType.launch({ executablePath: chromium, args: chromiumFlags });
after(() => browser.close());
const tab = await browser.newPage();
const errors = [];
tab.on("pageerror", (error) => errors.push(String(error)));
await tab.goto(`http://127.0.0.1:${server.address().port}/`);
let results;
for (const deadline = Date.now() + 120_000; !results && errors.length === 0 && Date.now() < deadline;) {
  results = await tab.evaluate(() => globalThis.results);
  if (!results) await new Promise((tick) => setTimeout(tick, 100));
}
reportCases("Chromium", results ?? [{ name: "the page ran", error: errors.join("\n") || "no result in two minutes" }]);
