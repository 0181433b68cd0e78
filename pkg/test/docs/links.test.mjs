// Every link of the documents to a file, and to a heading in one, leads somewhere.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { root } from "../support/pack.mjs";
import { DOCUMENTS } from "./blocks.mjs";

const readmesOf = (folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}/README.md`);
const documents = [
  ...DOCUMENTS,
  "ARCHITECTURE.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  ...readmesOf("examples"),
  ...readmesOf("adapters"),
].filter((path) => existsSync(join(root, path)));

/** Returns the text of a document without its blocks of code. */
const proseOf = (path) => readFileSync(join(root, path), "utf8").replace(/^```[^]*?^```/gm, "");

/** Returns the anchors of a document's headings, as GitHub makes them. */
const anchorsOf = (path) =>
  [...proseOf(path).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );

for (const document of documents)
  test(`the links of ${document}`, () => {
    for (const [, target] of proseOf(document).matchAll(/\]\(([^)\s]+)[^)]*\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [file, anchor] = target.split("#");
      const path = file ? join(dirname(document), file) : document;
      assert.ok(existsSync(join(root, path)), target);
      if (anchor) assert.ok(anchorsOf(path).includes(anchor), target);
    }
  });

test("documents have links to headings", () => {
  const all = documents.flatMap((path) => [...proseOf(path).matchAll(/\]\([^)\s]*#[^)]+\)/g)]);
  assert.ok(all.length > 20, String(all.length));
});
