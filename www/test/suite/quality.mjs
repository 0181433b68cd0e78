// Properties of the whole page: accessibility, size, layout shift, console output, content security policy.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { choose, reads, signUpAndIn, until } from "../support.mjs";

const axe = await readFile(new URL(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const LIMIT_BYTES = 160_000;
/** Cumulative layout shift; Chromium rates up to 0.1 as "good". */
const LIMIT_SHIFT = 0.005;

/** Uses each panel once. */
async function useAll(page) {
  await signUpAndIn(page);
  await reads(page, "#cookie-parts .checks", /µs a verdict/);
  await page.click("#benchmark button.primary");
  await reads(page, "#benchmark .hint", /× as fast/);
  await page.click("#experiment button:text('Start requests')");
  await page.click("#experiment button:text('Revoke the phone')");
  await reads(page, "#experiment .chart-row:nth-child(2) .chart-state", /allowed after the revocation/);
  await reads(page, "#phone .pill", /signed out/);
}

async function accessible(page, where) {
  for (const colorScheme of ["dark", "light"]) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await page.evaluate(`${axe}; axe.run({ resultTypes: ["violations"] })`);
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(" | ")}`);
    assert.deepEqual(found, [], `${where}, ${colorScheme}`);
  }
}

export function qualityTests(world) {
  for (const [device, width] of [
    ["desktop", 1280],
    ["phone", 360],
  ]) {
    test(`${device}: axe reports no violation in light and dark, no layout shift, no horizontal overflow`, async () => {
      const { page, console } = await world.open({ width, height: 800 });
      await reads(page, "#laptop button.primary", /Sign up/);
      await accessible(page, "signed out");
      await useAll(page);
      const { violations, shifts } = await page.evaluate(() => globalThis.seen);
      const moved = shifts.reduce((sum, { value }) => sum + value, 0);
      assert.ok(moved <= LIMIT_SHIFT, `moved by ${moved}: ${JSON.stringify(shifts)}`);
      assert.deepEqual(violations, []);
      assert.deepEqual(console, []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} px too wide`);
      await accessible(page, "in use");
      await page.click("#laptop button:text('Let a day pass')");
      await reads(page, "#laptop .notice", /SESSION_NOT_FRESH/);
      await page.click("#cookie-parts button:text('Change one character')");
      await reads(page, "#cookie-parts .status", /: /);
      await accessible(page, "refused");
    });
  }

  test("the page with all panels in use transfers less than 160 kB, all from one server", async () => {
    const { page, url, files, requests } = await world.open();
    await useAll(page);
    const bytes = [...files.values()].reduce((sum, one) => sum + one, 0);
    const largest = [...files]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 8)
      .map((file) => file.join(" "))
      .join(", ");
    assert.ok(bytes < LIMIT_BYTES, `${bytes} bytes in ${files.size} files: ${largest}`);
    for (const request of requests) assert.equal(new URL(request.url()).origin, url);
  });

  test("the content security policy allows own scripts and 'wasm-unsafe-eval' only", async () => {
    const policy = (await fetch(world.demo.url)).headers.get("content-security-policy");
    assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|\*|https?:|data:|blob:/);
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self' 'wasm-unsafe-eval'(;|$)/);
  });

  test("each code snippet is part of the module that it links to", async () => {
    const { page, url } = await world.open();
    await until(page, () => document.querySelectorAll(".code pre").length === 4);
    for (const figure of await page.locator(".code").all()) {
      const source = await (await fetch(url + (await figure.locator("a").getAttribute("href")))).text();
      const lines = (await figure.locator("pre").innerText())
        .split("\n")
        .map((line) => line.trim())
        .filter(Boolean);
      assert.ok(lines.length >= 5);
      for (const line of lines) assert.ok(source.includes(line), line);
    }
  });

  test("by keyboard alone: skip, sign up, sign in, choose a format, revoke", async () => {
    const { page } = await world.open();
    await reads(page, "#laptop button.primary", /Sign up/);
    const focused = () =>
      page.evaluate(() => document.activeElement?.innerText || document.activeElement?.id || document.activeElement?.value);
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "Skip to the demo");
    await page.keyboard.press("Enter");
    await tabTo(page, "#laptop-name");
    await page.keyboard.press("Enter");
    await reads(page, "#laptop .sessions", /this device/);
    await tabTo(page, "#phone-password");
    await page.keyboard.press("Enter");
    await reads(page, "#phone .sessions", /this device/);
    await page.focus("#strategy input:checked");
    await page.keyboard.press("ArrowRight");
    await reads(page, "#cookie-parts .checks", /authenticated, jwt/);
    await tabTo(page, '#laptop button[aria-label^="Revoke Safari"]');
    await page.keyboard.press("Enter");
    await reads(page, "#phone .notice", /Refused/);
    await until(page, () => document.getElementById("laptop").contains(document.activeElement));
    assert.match(await page.locator("#announcer").innerText(), /./);
  });
}

/** Presses Tab until the element has the focus. */
async function tabTo(page, selector) {
  await page.waitForSelector(selector);
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
  }
  throw new Error(`Tab does not lead to ${selector}`);
}
