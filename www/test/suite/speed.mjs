// Panel 4: the benchmark.

import assert from "node:assert/strict";
import { test } from "node:test";
import { choose, reads } from "../support.mjs";

export function speedTests(world) {
  test("the benchmark draws a stroke for each 20 of 1,000 verdicts and adds a row for each format", async () => {
    const { page, console } = await world.open();
    for (const strategy of ["compact", "jwt", "jwe"]) {
      await choose(page, strategy);
      await page.click("#benchmark button:text('Verify 1,000 times')");
      await reads(page, "#benchmark .hint", new RegExp(`^${strategy}: [\\d.]+ × as fast`));
      const figures = await page.locator("#benchmark tbody tr", { hasText: strategy }).locator("td").allInnerTexts();
      assert.match(figures.join(" "), /^[\d.]+ (µs|ms) [\d.]+ (µs|ms) [\d.]+ ×$/);
      assert.ok(parseFloat(figures[2]) > 1, `${strategy}: ${figures}`);
      for (const row of [1, 2]) assert.equal(await page.locator(`#benchmark .chart-row:nth-child(${row}) .track .in`).count(), 50);
    }
    assert.deepEqual(console, []);
  });
}
