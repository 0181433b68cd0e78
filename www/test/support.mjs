// Starts the demo and a browser, and opens pages that record console messages, requests and policy violations.

import { chromium } from "playwright-core";
import { startDemo } from "../../harness/demo/start.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const TIMEOUT_MS = 60_000;

/** Starts one demo and one browser for all tests. Returns { demo, open(), closeVisits(), close() }. */
export async function startWorld() {
  const demo = await startDemo();
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: FLAGS });
  const visits = [];
  return {
    demo,
    open: async (options) => {
      const visit = await openPage(browser, demo.url, options);
      visits.push(visit);
      return visit;
    },
    closeVisits: async () => {
      for (const visit of visits.splice(0)) await visit.page.context().close();
    },
    async close() {
      await browser.close();
      await demo.close();
    },
  };
}

/**
 * Opens the page in a new browser context. `prepare(page)` runs before the navigation.
 * `console` has the browser's messages, `requests` all requests, `files` the transferred bytes of the page's own files.
 */
async function openPage(browser, url, { width = 1280, height = 900, colorScheme = "light", prepare, path = "/" } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  const visit = { page, url, console: [], requests: [], files: new Map() };
  page.on("console", (message) => visit.console.push(`${message.type()}: ${message.text()} ${message.location().url}`));
  page.on("pageerror", (error) => visit.console.push(`uncaught: ${error.message}`));
  page.on("request", (request) => visit.requests.push(request));
  await page.addInitScript(() => {
    globalThis.seen = { violations: [], shifts: [] };
    addEventListener("securitypolicyviolation", (event) =>
      globalThis.seen.violations.push(`${event.violatedDirective} ${event.blockedURI}`),
    );
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (!entry.hadRecentInput)
          globalThis.seen.shifts.push({
            value: entry.value,
            what: entry.sources.map(({ node }) => node?.className || node?.nodeName).join(", "),
          });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  await countBytes(page, visit);
  await prepare?.(page);
  await page.goto(url + path);
  return visit;
}

/** Records the transferred bytes, headers included, of all files except the devices' requests. */
async function countBytes(page, visit) {
  const session = await page.context().newCDPSession(page);
  const urls = new Map();
  await session.send("Network.enable");
  session.on("Network.responseReceived", ({ requestId, response }) => urls.set(requestId, response.url));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const { pathname } = new URL(urls.get(requestId) ?? "none:");
    if (!/^\/(gate|plain)\//.test(pathname)) visit.files.set(pathname, (visit.files.get(pathname) ?? 0) + encodedDataLength);
  });
}

/** Waits until `condition(argument)` is truthy inside the page and returns its value. `waitForFunction` needs an eval that the policy forbids. */
export async function until(page, condition, argument) {
  const end = Date.now() + TIMEOUT_MS;
  for (;;) {
    const found = await page.evaluate(condition, argument);
    if (found) return found;
    if (Date.now() > end) {
      const shown = await page.evaluate(() => document.getElementById("main").innerText);
      throw new Error(`not in time: ${condition} ${JSON.stringify(argument ?? "")}\nThe page shows:\n${shown}`);
    }
    await page.waitForTimeout(50);
  }
}

/** Waits until the text of the elements matches and returns it. */
export async function reads(page, selector, pattern) {
  return until(
    page,
    ({ selector, source }) => {
      const text = [...document.querySelectorAll(selector)].map((element) => element.innerText).join("\n");
      return new RegExp(source, "i").test(text) && text;
    },
    { selector, source: pattern.source },
  );
}

export async function choose(page, strategy) {
  await page.locator("#strategy label", { hasText: strategy }).click();
}

export async function signUpAndIn(page) {
  await page.click("#laptop button.primary");
  await reads(page, "#laptop .sessions", /this device/);
  await page.click("#phone button.primary");
  await reads(page, "#phone .sessions", /this device/);
}
