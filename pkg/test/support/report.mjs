// Turns the results of the shared suite in another runtime into tests.
import assert from "node:assert/strict";
import { test } from "node:test";

/** `results` are `{ name, error? }`; a suite that reports next to nothing has not run. */
export function reportCases(runtime, results, fewest = 30) {
  test(`${runtime}: the whole suite ran`, () => assert.ok(results.length >= fewest, `only ${results.length} cases`));
  for (const { name, error } of results)
    test(`${runtime}: ${name}`, () => {
      if (error) throw new Error(error);
    });
}
