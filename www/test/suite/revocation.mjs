// Panel 2: the two lanes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { reads, until } from "../support.mjs";

export function revocationTests(world) {
  test("the cookie cache goes on letting a revoked device in, the gate stops within a second", async () => {
    const { page, console } = await world.open();
    await page.click("#experiment button:text('Start asking')"); // signs both in
    await page.click("#experiment button:text('Revoke the phone')");
    await reads(page, "#experiment .lane:nth-child(2) .lane-state", /let in after the revocation/);
    await reads(page, "#experiment .lane:nth-child(1) .lane-state", /still let in: \d+ requests?/);
    await reads(page, "#phone .pill", /signed out/);
    await reads(page, "#dissection .status", /^authenticated$/);

    const { plainLast, gateLast } = await until(page, () => {
      const { dataset } = document.querySelector("#experiment .lanes");
      return dataset.gateLast ? Object.fromEntries(Object.entries(dataset).map(([name, value]) => [name, Number(value)])) : null;
    });
    assert.ok(gateLast <= 1, `the gate let in a request sent ${gateLast} s after the revocation`);
    assert.ok(plainLast > 15, `the cookie cache let in a request sent ${plainLast} s after`);
    // Meanwhile the laptop's copy, taken when it signed in, lapsed before one's eyes in panel 3.
    await reads(page, "#dissection .status", /^stale: cache_expired$/);
    assert.equal((await page.locator("#dissection .windows .left").allInnerTexts())[0], "over");
    await reads(page, "#experiment .hint", /Done: after the revocation the cookie cache let \d+ requests in/);
    assert.deepEqual(console, []);
  });

  test("a change of format ends a run, and another can begin", async () => {
    const { page } = await world.open();
    await page.click("#experiment button:text('Start asking')");
    await page.waitForSelector("#experiment button.danger:visible");
    await page.locator("#strategy label", { hasText: "jwe" }).click();
    await reads(page, "#experiment .hint", /format was changed/);
    await page.click("#experiment button:text('Start over')");
    await reads(page, "#experiment .lane:nth-child(1) .lane-state", /the phone is let in/);
    await reads(page, "#experiment .lane:nth-child(2) .lane-state", /the phone is let in/);
  });
}
