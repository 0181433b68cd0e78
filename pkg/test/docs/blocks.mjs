// The code blocks of the documents.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/pack.mjs";

/** Every document for readers of the package, those in folders of docs/ too. */
export const DOCUMENTS = [
  "README.md",
  "SECURITY.md",
  ...readdirSync(join(root, "docs"), { recursive: true })
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => `docs/${name}`),
];

/**
 * Returns the blocks of a document: language, text, and the line at which the text begins. `excerpt` is true for a block below a comment
 * with the path of an example or of an app of the matrix: pkg/test/frameworks compares those with it, which the framework's own tools check.
 */
export function blocksOf(document) {
  const blocks = [];
  let open;
  readFileSync(join(root, document), "utf8")
    .split("\n")
    .forEach((line, at, lines) => {
      const fence = line.match(/^\s*```(\w*)/);
      if (!fence) open?.lines.push(line);
      else if (open) {
        const { language, line, excerpt } = open;
        blocks.push({ document, language, line, excerpt, text: open.lines.join("\n") });
        open = undefined;
      } else open = { language: fence[1], line: at + 2, lines: [], excerpt: /^<!-- (examples|matrix)\//.test(lines[at - 1] ?? "") };
    });
  return blocks;
}
