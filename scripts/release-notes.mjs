// Prints the change log's section for a tag: `release-notes.mjs v1.2.3`. Fails unless every published package has the tag's
// version and the change log has its section.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const read = (path) => readFileSync(join(root, path), "utf8");
const version = (process.argv[2] ?? "").replace(/^v/, "");

function fail(message) {
  console.error(`release: ${message}`);
  process.exit(1);
}

if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) fail("the tag must be v1.2.3");

const metadata = JSON.parse(
  execFileSync("cargo", ["metadata", "--no-deps", "--format-version=1"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 }),
);
const published = [JSON.parse(read("pkg/package.json")), ...metadata.packages.filter(({ publish }) => publish === null)];
for (const { name, version: found } of published) {
  if (found !== version) fail(`${name} has version ${found}, the tag ${version}`);
}

const section = read("CHANGELOG.md")
  .split(/^## /m)
  .find((text) => text.startsWith(`${version} `) || text.startsWith(`${version}\n`));
if (!section) fail(`CHANGELOG.md has no section "## ${version}"`);
console.log(section.slice(section.indexOf("\n")).trim());
