// Writes FILES.md: every source file with the first paragraph of the comment that it begins with. With `--check` it fails if the
// document is not up to date, or if a file does not begin with such a comment.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "..");
const document = join(root, "FILES.md");

/** The folders of the product and of its tools, in the order of the document. */
const FOLDERS = [
  "src",
  "primitives/src",
  "bindings",
  "adapters",
  "pkg/src",
  "pkg/bin",
  "pkg/scripts",
  "scripts",
  "harness",
  "www",
  "matrix",
  "fuzz",
];
const SOURCE = /\.(rs|ts|mjs|js|sh)$/;
/** Generated files, tests, examples, and declarations of other packages' types. */
const OMITTED =
  /\/(generated|protocol\/(flags|messages)\.ts|tests?|examples?|fixtures|apps?|vendor)(\/|$)|tests?\.rs$|\.test\.|\.d\.ts$|\/benches\//;

const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z", ...FOLDERS], { cwd: root, encoding: "utf8" })
  .split("\0")
  .filter((file) => SOURCE.test(file) && !OMITTED.test(`/${file}`));

const missing = [];
const byFolder = new Map();
for (const file of [...new Set(files)].sort()) {
  const summary = summaryOf(readFileSync(join(root, file), "utf8"));
  if (!summary) missing.push(file);
  const folder = dirname(file);
  byFolder.set(folder, [...(byFolder.get(folder) ?? []), [file.slice(folder.length + 1), summary]]);
}
const rankOf = (folder) => FOLDERS.findIndex((top) => folder === top || folder.startsWith(`${top}/`));
const folders = [...byFolder].sort(([one], [other]) => rankOf(one) - rankOf(other) || one.localeCompare(other));
const text = `# Files
Every source file with the beginning of its own comment, written by \`node scripts/file-index.mjs\`. [ARCHITECTURE.md](ARCHITECTURE.md) says how
they work together and where the rules are.

${folders.map(([folder, rows]) => `## \`${folder}/\`\n${rows.map(([name, summary]) => `- \`${name}\`: ${summary}`).join("\n")}`).join("\n\n")}
`;

if (process.argv.includes("--check")) {
  for (const file of missing) console.error(`${file}: does not begin with a comment that says what is in it`);
  const current = readFileSync(document, "utf8") === text;
  if (!current) console.error("FILES.md is not up to date: run node scripts/file-index.mjs");
  process.exitCode = missing.length > 0 || !current ? 1 : 0;
} else {
  writeFileSync(document, text);
  for (const file of missing) console.error(`no comment: ${file}`);
}

/** Returns the first paragraph of the comment at the beginning of a source file, or "". */
function summaryOf(source) {
  const lines = source.replace(/^#!.*\n/, "").split("\n");
  const [first = ""] = lines;
  const end = /^\/\*\*/.test(first)
    ? lines.findIndex((line) => line.includes("*/")) + 1
    : lines.findIndex((line) => !/^(\/\/|#)/.test(line));
  const paragraph = lines
    .slice(0, end)
    .map((line) => line.replace(/^\s*(\/\*\*|\*\/|\*|\/\/!|\/\/\/|\/\/|#)?\s?/, "").replace(/\s*\*\/\s*$/, ""))
    .join("\n")
    .split(/\n\s*\n/)[0]
    .replaceAll("\n", " ")
    .trim();
  return paragraph.replace(/\[(`[^`\]]+`)\](\([^)]*\))?/g, "$1").replace(/\s+/g, " ");
}
