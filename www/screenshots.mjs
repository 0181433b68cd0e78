// Takes screenshots of the page: `node www/screenshots.mjs` writes them to test-results/screenshots/; with `--readme` it writes the two of the README to docs/.

import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { choose, reads, signUpAndIn, startWorld } from "./test/support.mjs";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const readme = process.argv.includes("--readme");
const folder = ROOT + (readme ? "docs/" : "test-results/screenshots/");
const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 360, height: 780 } };

await mkdir(folder, { recursive: true });
const world = await startWorld();
try {
  if (readme) await forReadme();
  else for (const device of Object.keys(SIZES)) for (const scheme of ["light", "dark"]) await capture(device, scheme);
} finally {
  await world.close();
}

/** Captures the whole page before and after its panels were used. */
async function capture(device, colorScheme) {
  const { page } = await world.open({ ...SIZES[device], colorScheme });
  const take = async (name) => {
    console.log(`${device}-${colorScheme}-${name}`);
    await page.screenshot({ path: `${folder}${device}-${colorScheme}-${name}.png`, fullPage: true });
  };
  await reads(page, "#laptop button.primary", /Sign up/);
  await take("empty");
  await useAll(page);
  await take("used");
  await page.click("#cookie-parts button:text('Change one character')");
  await reads(page, "#cookie-parts .status", /: /);
  await page.click("#laptop button:text('Let a day pass')");
  await reads(page, "#laptop .notice", /SESSION_NOT_FRESH/);
  await page.context().setOffline(true);
  await reads(page, "#offline", /offline/);
  await take("refused");
  await page.context().close();
}

async function useAll(page) {
  await signUpAndIn(page);
  for (const strategy of ["jwe", "jwt", "compact"]) {
    await choose(page, strategy);
    await page.click("#benchmark button.primary");
    await reads(page, "#benchmark .hint", new RegExp(`^${strategy}: .* as fast`));
  }
  await reads(page, "#cookie-parts .checks", /µs a verdict/);
  await page.click("#experiment button.primary:visible");
  await page.waitForTimeout(3200); // fills the part of the axis before the revocation
  await page.click("#experiment button:text('Revoke the phone')");
  await reads(page, "#experiment .hint", /^Done/);
}

/** Captures the revocation panel in light and the cookie panel in dark mode. */
async function forReadme() {
  const { page: revocation } = await world.open({ width: 1120, height: 900 });
  await useAll(revocation);
  await captureArea(revocation, ["#revocation .number", "#revocation .code", "#revocation .chart"], "demo-revocation.png");
  const { page: cookie } = await world.open({ width: 1120, height: 900, colorScheme: "dark" });
  await choose(cookie, "jwe");
  await signUpAndIn(cookie);
  await reads(cookie, "#cookie-parts .checks", /µs a verdict/);
  await captureArea(
    cookie,
    ["#cookie-parts .toolbar", "#cookie-parts .editor", "#cookie-parts .windows"],
    "demo-cookie.png",
    "#cookie-parts .parts-panel",
  );
}

/** Captures the area around `selectors` with a margin. Hides `without`, which the area would cut. */
async function captureArea(page, selectors, name, without = ".bar") {
  const clip = await page.evaluate(
    ({ selectors, without, air }) => {
      for (const selector of [".bar", without]) document.querySelector(selector).hidden = true;
      document.activeElement.blur();
      const boxes = selectors.map((selector) => document.querySelector(selector).getBoundingClientRect());
      const [left, top, right, bottom] = [
        Math.min(...boxes.map((box) => box.left)),
        Math.min(...boxes.map((box) => box.top)),
        Math.max(...boxes.map((box) => box.right)),
        Math.max(...boxes.map((box) => box.bottom)),
      ];
      return { x: left - air, y: top + scrollY - air, width: right - left + 2 * air, height: bottom - top + 2 * air };
    },
    { selectors, without, air: 28 },
  );
  await page.screenshot({ path: folder + name, fullPage: true, clip });
  console.log(name);
}
