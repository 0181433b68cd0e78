// Writes the members of package.json that follow from the list of entries: `exports` and `typesVersions`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageExports, typesVersions } from "./exports.mjs";
import { pkg } from "./paths.mjs";

const path = join(pkg, "package.json");
const { exports: _exports, typesVersions: _types, ...manifest } = JSON.parse(readFileSync(path, "utf8"));
const members = Object.entries(manifest);
const after = members.findIndex(([name]) => name === "types") + 1;
members.splice(after, 0, ["typesVersions", typesVersions()], ["exports", packageExports()]);
writeFileSync(path, `${JSON.stringify(Object.fromEntries(members), null, 2)}\n`);
