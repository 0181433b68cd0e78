// Shared by the parts of the matrix: folders with exact versions installed, commands, and the apps that they run.
import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pkg, root, vectorFiles } from "../pkg/test/support/pack.mjs";

export { pkg, root };
const home = join(root, ".tools/matrix");
process.env.PATH = `${join(root, ".tools/bin")}:${process.env.PATH}`;
export const apps = join(root, "matrix/apps");

let packed;
/** Returns the path of the packed package, which is packed once. */
function tarball() {
  if (!packed) {
    const folder = mkdtempSync(join(tmpdir(), "better-session-matrix-"));
    execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], { cwd: pkg, stdio: "ignore" });
    packed = join(folder, readdirSync(folder)[0]);
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  }
  return packed;
}

/**
 * Returns a folder with exact `versions` of npm packages, which are kept from run to run, and the packed better-session. `files` are
 * folders or files of matrix/apps that are copied into it; `manifest` adds members to its package.json; `replace` keeps the packages
 * of other versions that need not change.
 */
export async function workspace(name, versions, { files = [], manifest = {}, scripts = false, replace = false } = {}) {
  const folder = join(home, name);
  const dependencies = { jose: "6.2.3", nanostores: "1.3.0", ...versions };
  const wanted = JSON.stringify({ private: true, type: "module", ...manifest, dependencies }, null, 2);
  const path = join(folder, "package.json");
  const marker = join(folder, ".installed");
  if (!existsSync(marker) || readFileSync(marker, "utf8") !== wanted) {
    if (!replace) rmSync(folder, { recursive: true, force: true });
    rmSync(marker, { force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, wanted);
    const flags = [
      "--no-audit",
      "--no-fund",
      "--legacy-peer-deps",
      "--no-package-lock",
      "--prefer-offline",
      ...(scripts ? [] : ["--ignore-scripts"]),
    ];
    await run("npm", ["install", ...flags], { cwd: folder });
    writeFileSync(marker, wanted);
  }
  for (const entry of readdirSync(folder))
    if (!/^(node_modules|package\.json|\.installed)$/.test(entry)) rmSync(join(folder, entry), { recursive: true });
  install(folder);
  for (const file of files) cpSync(join(apps, file), join(folder, file), { recursive: true });
  return folder;
}

/** Returns whether the packages of the lock of matrix/apps/NAME are installed. */
export function isInstalled(name) {
  const marker = join(home, name, ".installed");
  return existsSync(marker) && readFileSync(marker, "utf8") === readFileSync(join(apps, name, "package-lock.json"), "utf8");
}

/** Returns a folder with a copy of matrix/apps/NAME, the packages of its lock, which are kept from run to run, and the packed better-session. */
export async function locked(name) {
  const folder = join(home, name);
  const source = join(apps, name);
  const marker = join(folder, ".installed");
  const lock = readFileSync(join(source, "package-lock.json"), "utf8");
  const present = isInstalled(name);
  if (!present) rmSync(folder, { recursive: true, force: true });
  cpSync(source, folder, { recursive: true });
  if (!present) {
    await run("npm", ["ci", "--no-audit", "--no-fund", "--legacy-peer-deps", "--prefer-offline", "--ignore-scripts"], { cwd: folder });
    writeFileSync(marker, lock);
  }
  install(folder);
  return folder;
}

function install(folder) {
  const modules = join(folder, "node_modules");
  const target = join(modules, "better-session");
  mkdirSync(modules, { recursive: true });
  rmSync(target, { recursive: true, force: true });
  execFileSync("tar", ["xzf", tarball(), "-C", modules]);
  renameSync(join(modules, "package"), target);
}

/** Copies the shared suite and the client's scenario into a folder, with imports that need no loader. */
export function copySuite(folder) {
  cpSync(join(pkg, "test/suite"), join(folder, "suite"), { recursive: true });
  writeFileSync(join(folder, "suite/vector-files.mjs"), vectorFiles());
  for (const name of ["scenario.mjs", "fault-cases.mjs", "device.mjs"]) {
    const text = readFileSync(join(pkg, "test/client", name), "utf8")
      .replaceAll('"/suite/', '"./suite/')
      .replaceAll('"../../../harness/origin.mjs"', '"./jar.mjs"');
    writeFileSync(join(folder, name), text);
  }
  cpSync(join(root, "harness/jar.mjs"), join(folder, "jar.mjs"));
}

/** Runs a command and resolves to its standard output. Rejects with its last lines. */
export function run(command, args, { timeout = 600_000, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const env = {
      ...process.env,
      CI: "true",
      NO_COLOR: "1",
      WRANGLER_SEND_METRICS: "false",
      NEXT_TELEMETRY_DISABLED: "1",
      EXPO_NO_TELEMETRY: "1",
      ...options.env,
    };
    delete env.NODE_OPTIONS;
    delete env.NODE_TEST_CONTEXT;
    execFile(command, args, { ...options, env, timeout, maxBuffer: 1 << 28, encoding: "utf8" }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const lines = `${stdout}\n${stderr}`.trim().split("\n").slice(-30).join("\n");
      reject(new Error(`${command} ${args.join(" ").slice(0, 200)}\n${lines}`));
    });
  });
}

/** Returns the binary of Node's npm package for this machine, in a workspace that depends on it. */
export const nodePackage = `node-${process.platform}-${process.arch}`;
export const nodeBinary = (folder) => join(folder, "node_modules", nodePackage, "bin/node");

/** Returns the last line of an output that is JSON. */
export function lastJson(output) {
  const line = output
    .trim()
    .split("\n")
    .findLast((text) => /^[[{]/.test(text));
  return JSON.parse(line);
}

/** Throws if a suite's results have a failure or are too few. Returns how many passed, in words. */
export function passed(results, fewest) {
  const failed = results.filter(({ error }) => error);
  if (failed.length > 0)
    throw new Error(
      failed
        .map(({ name, error }) => `${name}: ${error}`)
        .join("\n")
        .slice(0, 2000),
    );
  if (results.length < fewest) throw new Error(`only ${results.length} cases`);
  return `${results.length} cases`;
}

/** Writes a file and its folders. */
export function write(folder, name, text) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}
