// Exits with 0 if node_modules has exactly the versions of package-lock.json, so that `npm ci` runs only if necessary.

import { existsSync, readFileSync } from "node:fs";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

const installed = existsSync(new URL("../node_modules/.package-lock.json", import.meta.url))
  ? read("../node_modules/.package-lock.json").packages
  : {};
const wanted = read("../package-lock.json").packages;
const missing = Object.entries(wanted).filter(
  ([path, entry]) =>
    path.startsWith("node_modules/") && !entry.optional && !entry.link && !entry.peer && installed[path]?.version !== entry.version,
);

for (const [path, { version }] of missing) console.log(`${path}: want ${version}, have ${installed[path]?.version ?? "nothing"}`);
process.exitCode = missing.length === 0 ? 0 : 1;
