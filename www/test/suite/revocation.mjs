// Panel 2: the revocation experiment.

import assert from "node:assert/strict";
import { test } from "node:test";
import { reads, until } from "../support.mjs";

export function revocationTests(world) {
  test("the cookie cache keeps allowing a revoked device, the gate refuses it within a second", async () => {
    const { page, console } = await world.open();
    await page.click("#experiment button:text('Start requests')"); // signs both in
    await page.click("#experiment button:text('Revoke the phone')");
    await reads(page, "#experiment .chart-row:nth-child(2) .chart-state", /allowed after the revocation/);
    await reads(page, "#experiment .chart-row:nth-child(1) .chart-state", /still allowed: \d+ requests?/);
    await reads(page, "#phone .pill", /signed out/);
    await reads(page, "#cookie-parts .status", /^authenticated$/);

    const { plainLast, gateLast } = await until(page, () => {
      const { dataset } = document.querySelector("#experiment .chart");
      return dataset.gateLast ? Object.fromEntries(Object.entries(dataset).map(([name, value]) => [name, Number(value)])) : null;
    });
    assert.ok(gateLast <= 1, `the gate allowed a request sent ${gateLast} s after the revocation`);
    assert.ok(plainLast > 15, `the cookie cache allowed no request later than ${plainLast} s after the revocation`);
    // Meanwhile the laptop's cached session, shown in panel 3 since the sign-in, has expired.
    await reads(page, "#cookie-parts .status", /^stale: cache_expired$/);
    assert.equal((await page.locator("#cookie-parts .windows .left").allInnerTexts())[0], "expired");
    await reads(page, "#experiment .hint", /Done: after the revocation the cookie cache allowed \d+ requests/);
    assert.deepEqual(console, []);
  });

  test("a change of the cookie format ends a run, and another run can start", async () => {
    const { page } = await world.open();
    await page.click("#experiment button:text('Start requests')");
    await page.waitForSelector("#experiment button.danger:visible");
    await page.locator("#strategy label", { hasText: "jwe" }).click();
    await reads(page, "#experiment .hint", /format was changed/);
    await page.click("#experiment button:text('Start over')");
    await reads(page, "#experiment .chart-row:nth-child(1) .chart-state", /the phone is allowed/);
    await reads(page, "#experiment .chart-row:nth-child(2) .chart-state", /the phone is allowed/);
  });
}
