// Builds the programs of adapters/ that tests start.
import { execFile } from "node:child_process";
import { root } from "./pack.mjs";

/** Builds a binary or an example of a workspace member, without optimisation. Resolves to the path of the executable. */
export function cargoBuild(member, name, { features = [] } = {}) {
  const target = name === member ? ["--bin", name] : ["--example", name];
  const args = ["build", "--profile", "adapters", "--package", member, ...target, "--message-format", "json"];
  if (features.length > 0) args.push("--features", features.join());
  return new Promise((resolve, reject) => {
    const env = { ...process.env, CARGO_PROFILE_ADAPTERS_DEBUG: "0" };
    execFile("cargo", args, { cwd: root, env, encoding: "utf8", maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      const artifacts = stdout.split("\n").filter((line) => line.startsWith('{"reason":"compiler-artifact"'));
      const executable = artifacts
        .map((line) => JSON.parse(line))
        .find((artifact) => artifact.executable && artifact.target.name === name)?.executable;
      if (error || !executable) reject(new Error(`cargo ${args.join(" ")} failed:\n${stderr.slice(-4000)}`));
      else resolve(executable);
    });
  });
}
