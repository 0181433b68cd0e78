// Where things are, and how a stage of the build is told from another.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const pkg = resolve(dirname(fileURLToPath(import.meta.url)), "..");
export const root = resolve(pkg, "..");
export const dist = join(pkg, "dist");
export const generated = join(pkg, "src/runtime/generated");

/** Every file under a folder or a file itself, sorted, as absolute paths. */
export function files(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => files(join(path, name)));
}

/** One hash over the contents of files and some words. */
export function fingerprint(paths, ...words) {
  const hash = createHash("sha256");
  for (const word of words) hash.update(`${word}\0`);
  for (const file of paths.flatMap(files)) hash.update(`${file.slice(root.length)}\0`).update(readFileSync(file));
  return hash.digest("hex");
}

/** Runs `make` unless its stamp says that nothing changed since and every product is still there. */
export async function unlessFresh(name, print, products, make) {
  const stamp = join(dist, `.stamp-${name}`);
  const fresh = existsSync(stamp) && readFileSync(stamp, "utf8") === print && products.every((path) => existsSync(path));
  if (fresh) return false;
  await make();
  mkdirSync(dist, { recursive: true });
  writeFileSync(stamp, print);
  return true;
}
