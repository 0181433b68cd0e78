// Builds the programs of adapters/ that tests start.
import { execFile } from "node:child_process";
import { root } from "./pack.mjs";

const members = ["better-session-feeds", "better-session-axum", "better-session-forward-auth"];
let built;

/**
 * Builds the examples and binaries of adapters/, once, without optimisation. All in one command: another selection of packages would have other
 * features, and so build their dependencies again. Resolves to the path of one executable.
 */
export async function adapterProgram(name) {
  built ??= build();
  const path = (await built).get(name);
  if (!path) throw new Error(`adapters/ has no program ${name}`);
  return path;
}

function build() {
  const packages = members.flatMap((member) => ["--package", member]);
  const args = ["build", "--profile", "adapters", ...packages, "--all-features", "--bins", "--examples", "--message-format", "json"];
  return new Promise((resolve, reject) => {
    const env = { ...process.env, CARGO_PROFILE_ADAPTERS_DEBUG: "0" };
    execFile("cargo", args, { cwd: root, env, encoding: "utf8", maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (error) return reject(new Error(`cargo ${args.join(" ")} failed:\n${stderr.slice(-4000)}`));
      const artifacts = stdout.split("\n").filter((line) => line.startsWith('{"reason":"compiler-artifact"'));
      const programs = artifacts.map((line) => JSON.parse(line)).filter(({ executable }) => executable);
      resolve(new Map(programs.map(({ target, executable }) => [target.name, executable])));
    });
  });
}
