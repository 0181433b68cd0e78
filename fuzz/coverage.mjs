// Prints which share of the lines of each module the inputs of fuzz/corpus reach: `node fuzz/coverage.mjs [--record]`. Needs
// llvm-profdata and llvm-cov of the compiler's LLVM: Debian's package llvm-22, or rustup's component llvm-tools.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { replaceTable } from "./document.mjs";

const folder = dirname(fileURLToPath(import.meta.url));
const root = dirname(folder);
const out = join(folder, "coverage");
const target = join(out, "target");
const run = (command, args, options = {}) => execFileSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 30, ...options });

const version = /LLVM version: (\d+)/.exec(run("rustc", ["-vV"]))[1];
const tool = (name) => {
  const names = [`${name}-${version}`, join(run("rustc", ["--print", "target-libdir"]).trim(), "../bin", name)];
  const found = names.find((path) => spawnSync(path, ["--version"]).status === 0);
  if (!found)
    throw new Error(`${name} of LLVM ${version} is missing: install Debian's llvm-${version}, or run "rustup component add llvm-tools"`);
  return found;
};
const [profdata, cov] = [tool("llvm-profdata"), tool("llvm-cov")];

// With a target the flags do not apply to build scripts, which would write profiles too.
const platform = /host: (\S+)/.exec(run("rustc", ["-vV"]))[1];
run("cargo", ["build", "--quiet", "--release", "--target", platform, "--manifest-path", "fuzz/Cargo.toml", "--target-dir", target], {
  env: { ...process.env, RUSTFLAGS: "-Cinstrument-coverage --cfg fuzzing" },
  stdio: "inherit",
});
const profiles = join(out, "profiles");
rmSync(profiles, { recursive: true, force: true });
mkdirSync(profiles, { recursive: true });
const targets = readdirSync(join(folder, "fuzz_targets")).map((name) => name.replace(".rs", ""));
for (const name of targets) {
  const inputs = readdirSync(join(folder, "corpus", name)).map((file) => join(folder, "corpus", name, file));
  const env = { ...process.env, LLVM_PROFILE_FILE: join(profiles, `${name}.profraw`) };
  run(join(target, platform, "release", name), inputs, { env, stdio: "ignore" });
}
const merged = join(out, "merged.profdata");
run(profdata, ["merge", "--sparse", "-o", merged, ...readdirSync(profiles).map((name) => join(profiles, name))]);
const objects = targets.flatMap((name) => ["--object", join(target, platform, "release", name)]);
const exported = JSON.parse(run(cov, ["export", "--summary-only", `--instr-profile=${merged}`, ...objects]));

/** Lines and functions by module: a folder of the sources, or a file beside the folders. */
const modules = new Map();
for (const { filename, summary } of exported.data[0].files) {
  const path = relative(root, filename);
  if (!/^(src|primitives\/src|bindings\/protocol\/src)\//.test(path)) continue;
  const module = dirname(path) === "src" ? path : dirname(path);
  const sums = modules.get(module) ?? { lines: [0, 0], functions: [0, 0] };
  for (const kind of ["lines", "functions"]) {
    sums[kind][0] += summary[kind].covered;
    sums[kind][1] += summary[kind].count;
  }
  modules.set(module, sums);
}
const percent = ([covered, count]) => `${covered} of ${count} (${((100 * covered) / count).toFixed(0)} %)`;
const rows = [...modules]
  .sort(([one], [two]) => (one < two ? -1 : 1))
  .map(([name, { lines, functions }]) => `| \`${name}\` | ${percent(lines)} | ${percent(functions)} |`);
const table = ["| module | lines reached | functions reached |", "|---|---|---|", ...rows].join("\n");
console.log(table);
if (process.argv.includes("--record")) replaceTable("modules", table);
