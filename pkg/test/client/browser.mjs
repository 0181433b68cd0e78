// Starts Chromium for pages of a test server.
import { chromium as browserType } from "playwright-core";
import { chromium } from "../support/pack.mjs";

const args = [
  "--no-sandbox",
  "--headless",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const launch = () => browserType.launch({ executablePath: chromium, args });

/** A tab at `url`; what it throws or leaves unhandled is in `tab.errors`. `context` makes it a tab of a browser that has others. */
export async function openTab(browser, url, context) {
  const tab = await (context ?? (await browser.newContext())).newPage();
  tab.errors = [];
  tab.on("pageerror", (error) => tab.errors.push(String(error)));
  await tab.goto(url);
  return tab;
}

/** Waits until `look` returns a truthy value, in a tab or in Node. Fails with `what` after half a minute. */
export async function until(look, what) {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline;) {
    const seen = await look();
    if (seen) return seen;
    await new Promise((turn) => setTimeout(turn, 25));
  }
  throw new Error(`still not: ${what}`);
}
