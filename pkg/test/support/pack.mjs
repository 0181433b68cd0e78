// The package as a user gets it: packed, then installed from the tarball into a folder of its own.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const pkg = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const root = resolve(pkg, "..");
export const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** A folder whose node_modules holds the packed package, and the shared suite beside it. `remove()` it afterwards. */
export function installPacked() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "better-session-installed-")));
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  npm(["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], pkg);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  npm(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=peer", "--offline", `./${tarball}`], folder);
  cpSync(join(pkg, "test/suite"), join(folder, "suite"), { recursive: true });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function npm(args, cwd) {
  execFileSync("npm", args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
}
