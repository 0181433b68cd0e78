// Paths of the build, and the check whether a build stage is up to date.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const pkg = resolve(dirname(fileURLToPath(import.meta.url)), "..");
export const root = resolve(pkg, "..");
export const dist = join(pkg, "dist");
export const generated = join(pkg, "src/runtime/generated");

/** Returns the absolute paths of all files below a folder, sorted, or the path of a single file. */
export function files(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => files(join(path, name)));
}

/** Returns a hash of the contents of files and of `words`. */
export function fingerprint(paths, ...words) {
  const hash = createHash("sha256");
  for (const word of words) hash.update(`${word}\0`);
  for (const file of paths.flatMap(files)) hash.update(`${file.slice(root.length)}\0`).update(readFileSync(file));
  return hash.digest("hex");
}

/** Runs `make` unless the stamp matches `print` and all products exist. Resolves to false if it was skipped. */
export async function unlessFresh(name, print, products, make) {
  const stamp = join(dist, `.stamp-${name}`);
  const fresh = existsSync(stamp) && readFileSync(stamp, "utf8") === print && products.every((path) => existsSync(path));
  if (fresh) return false;
  await make();
  mkdirSync(dist, { recursive: true });
  writeFileSync(stamp, print);
  return true;
}
