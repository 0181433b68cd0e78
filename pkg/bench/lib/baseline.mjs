// Builds better-session 0.1.0 from its commit, once, into target/baseline: every ratio is against it.
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/paths.mjs";

const COMMIT = "e596064fe8749076cbb41346fed97a2ba9f71b6f";
const folder = join(root, "target/baseline/0.1.0");

/** The programs that make the build; the others of package.json are for tests. */
const TOOLS = ["esbuild", "binaryen", "typescript"];

/** Returns the folder of the npm package 0.1.0, which is built at the first call. Throws if the commit is not in the clone. */
export function baseline() {
  const made = join(folder, "pkg");
  if (existsSync(join(made, "dist/edge.js"))) return made;
  console.error("building better-session 0.1.0 once, into target/baseline (about a minute)");
  const staged = `${folder}.building`;
  rmSync(staged, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(staged, { recursive: true });
  execFileSync("tar", ["-x", "-C", staged], { input: archive(), maxBuffer: 2 ** 30 });
  appendFileSync(join(staged, "Cargo.toml"), "\n[workspace]\n"); // or cargo takes it for a member of the workspace above
  symlinkSync(join(root, ".tools"), join(staged, ".tools"));
  if (hasSameTools(staged)) symlinkSync(join(root, "node_modules"), join(staged, "node_modules"));
  else execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: staged, stdio: ["ignore", 2, 2] });
  renameSync(staged, folder);
  try {
    execFileSync(process.execPath, ["pkg/scripts/build.mjs"], { cwd: folder, stdio: ["ignore", 2, 2] });
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error("better-session 0.1.0 could not be built; the reason is above.", { cause });
  }
  return made;
}

function archive() {
  try {
    return execFileSync("git", ["archive", COMMIT], { cwd: root, maxBuffer: 2 ** 30, stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    throw new Error(
      `commit ${COMMIT.slice(0, 7)} (better-session 0.1.0) is not in this clone, and the benchmark compares with it: ` +
        "fetch the whole history (`git fetch --unshallow`), or clone without --depth.",
    );
  }
}

/** Returns whether the tools that 0.1.0 pins are the installed ones. */
function hasSameTools(staged) {
  const version = (path) => JSON.parse(readFileSync(path, "utf8"));
  const pinned = version(join(staged, "package.json")).devDependencies;
  return TOOLS.every((name) => version(join(root, `node_modules/${name}/package.json`)).version === pinned[name]);
}
