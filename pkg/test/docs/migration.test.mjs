// The migration page divides the exports of `better-auth/cookies` into those that are here and those that stay there.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as theirs from "better-auth/cookies";
import * as ours from "better-session/cookies";
import { namesIn, section } from "./names.mjs";

const paragraphs = section("migration # From `better-auth/cookies`").split("\n\n");

/** Returns the names in the list that begins with a text. */
function listAfter(begin) {
  const list = paragraphs.find((paragraph) => paragraph.startsWith(begin));
  assert.ok(list, `the page has no list "${begin}"`);
  return [...namesIn(list.slice(begin.length).replace(/^[^:]*:/, ""))].sort();
}

test("the two lists together are the exports of better-auth/cookies", () => {
  const here = listAfter("Here:");
  const there = listAfter("Only in `better-auth/cookies`");
  assert.deepEqual([...here, ...there].sort(), Object.keys(theirs).sort());
  assert.deepEqual(
    here.filter((name) => !(name in ours)),
    [],
  );
  assert.deepEqual(
    there.filter((name) => name in ours),
    [],
  );
});

test("the reference names the same functions and constants", () => {
  const named = namesIn(section("reference # `better-session/cookies`"));
  const missing = listAfter("Here:").filter((name) => !named.has(name));
  assert.deepEqual(missing, []);
});
