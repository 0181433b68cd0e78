// Packs the package and installs the tarball in a new folder, as a user would.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const pkg = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const root = resolve(pkg, "..");
export const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** Root needs the first; the others keep a browser from work that no test is about. */
export const chromiumFlags =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(
    " ",
  );

/** A folder whose node_modules holds the packed package, and the shared suite beside it. `remove()` it afterwards. */
export function installPacked() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "better-session-installed-")));
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  npm(["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], pkg);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  npm(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=peer", "--offline", `./${tarball}`], folder);
  cpSync(join(pkg, "test/suite"), join(folder, "suite"), { recursive: true });
  writeFileSync(join(folder, "suite/vector-files.mjs"), vectorFiles());
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The vector files as a module: neither a Worker nor a page reads files. */
export function vectorFiles() {
  const entries = (name) => {
    const files = readdirSync(join(root, "vectors", name)).filter((file) => file.endsWith(".json"));
    return files
      .map((file) => `${JSON.stringify(basename(file, ".json"))}: ${readFileSync(join(root, "vectors", name, file), "utf8")}`)
      .join(",\n");
  };
  // As text for JSON.parse: in a literal, `__proto__` would set a prototype.
  return ["verdicts", "better-auth", "jwks"]
    .map((name, i) => `export const ${["verdicts", "servers", "jwks"][i]} = JSON.parse(${JSON.stringify(`{${entries(name)}}`)});\n`)
    .join("");
}

function npm(args, cwd) {
  execFileSync("npm", args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
}
