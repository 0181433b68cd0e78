// Better Auth's own, unmodified client in Chromium: on pages of the origin, and on the same pages through the gate.
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium as browserType } from "playwright-core";
import { somebody } from "../../../harness/origin.mjs";
import { chromium, chromiumFlags } from "../support/pack.mjs";
import { startPair } from "./support.mjs";

let origin, gate, close, browser;
before(async () => {
  const script = await bundled();
  const app = (request, response) => {
    const isScript = request.url === "/app.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html; charset=utf-8");
    response.end(
      isScript
        ? script
        : `<!doctype html><link rel="icon" href="data:,"><title>${request.url}</title><script type="module" src="/app.js"></script>`,
    );
  };
  const routes = { public: ["/", "/app.js"], signInURL: "/sign-in" };
  ({ origin, gate, close } = await startPair({ app }, { routes }));
  browser = await browserType.launch({ executablePath: chromium, args: chromiumFlags });
});
after(async () => {
  await browser?.close();
  await close?.();
});

async function walk(url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(`${url}/`);
  const said = await page.evaluate((person) => globalThis.walk(person), somebody());
  assert.deepEqual(errors, []);
  await context.close();
  return said;
}

test("on public pages the client has the same results through the gate as at the origin", async () => {
  const { account: open, "account afterwards": stillOpen, ...theirs } = await walk(origin.url);
  const before = origin.counts["GET /api/auth/get-session"];
  const { account, "account afterwards": afterwards, ...ours } = await walk(gate.url);
  assert.deepEqual(ours, theirs);
  assert.equal(theirs.session.user.name, "Ada Lovelace");
  assert.deepEqual([open, stillOpen, account, afterwards], [200, 200, 200, 401]);
  assert.ok(origin.counts["GET /api/auth/get-session"] - before < before, "some of it was answered at the edge");
});

test("a page that requires a session redirects to the sign-in page with its own URL", async () => {
  const page = await browser.newPage();
  await page.goto(`${gate.url}/account?tab=2`);
  const { pathname, searchParams } = new URL(page.url());
  assert.deepEqual([pathname, searchParams.get("callbackURL")], ["/sign-in", "/account?tab=2"]);
  await page.evaluate((person) => globalThis.walk(person).then(() => {}), somebody());
  await page.close();
});

async function bundled() {
  const { outputFiles } = await build({
    entryPoints: [join(dirname(fileURLToPath(import.meta.url)), "page-script.mjs")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["browser"],
    define: { "process.env.NODE_ENV": '"production"' },
  });
  return outputFiles[0].text;
}
