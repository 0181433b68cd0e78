// Removes the built files that no entry or program of the package reaches.
import { readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { packageExports } from "./exports.mjs";
import { dist, files, pkg } from "./paths.mjs";

/** Relative imports of a script or a declaration. */
const IMPORT = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g;

/** Removes them from `dist/lib` and `dist/cjs`. Returns how many there were. */
export function prune() {
  const { bin } = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));
  const reached = reachable([...paths(packageExports()), ...Object.values(bin)].map((path) => join(pkg, path)));
  const dead = ["lib", "cjs"].flatMap((folder) => files(join(dist, folder))).filter((file) => !reached.has(file));
  for (const file of dead) rmSync(file);
  return dead.length;
}

const paths = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(paths));

/** Returns the files that `roots` import, directly or not, and the roots themselves. */
function reachable(roots) {
  const seen = new Set();
  const visit = (file) => {
    if (seen.has(file)) return;
    seen.add(file);
    if (!/\.([cm]?js|d\.c?ts)$/.test(file)) return;
    const isType = /\.d\.c?ts$/.test(file);
    for (const [, specifier] of readFileSync(file, "utf8").matchAll(IMPORT)) {
      const path = resolve(dirname(file), specifier.replace(/\?module$/, ""));
      visit(isType ? path.replace(/\.(c?)js$/, ".d.$1ts") : path);
    }
  };
  roots.forEach(visit);
  return seen;
}
