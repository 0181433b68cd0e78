// Node, Deno and Bun, by the binaries in npm's packages.
import { cpSync } from "node:fs";
import { join } from "node:path";
import { backend, closeBackend } from "../backend.mjs";
import { apps, copySuite, lastJson, nodePackage, nodeBinary, passed, run, workspace } from "../support.mjs";

export const title = "Runtimes";
export const close = closeBackend;
const WHAT = "suite, client, gate, explain";
const nodes = ["20.20.2", "22.23.3", "24.21.0", "26.10.0"];
const deno = "2.9.6";
const bun = "1.4.5";

async function check(name, versions, binary, ...args) {
  const folder = await workspace(name, { react: "19.3.1", hono: "4.13.19", ...versions });
  return runSuite(folder, binary(folder), ...args);
}

/** Runs the suite, the client and the gate with a runtime's binary in a folder with the package installed. */
export async function runSuite(folder, binary, ...args) {
  for (const file of ["server.mjs", "main.mjs"]) cpSync(join(apps, file), join(folder, file));
  copySuite(folder);
  const { server, faults, secret } = await backend();
  const output = await run(binary, [...args, "main.mjs", server, faults, secret], { cwd: folder });
  return passed(lastJson(output), 90);
}

export const cases = [
  ...nodes.map((version) => [`Node.js ${version}`, WHAT, () => check(`node-${version}`, { [nodePackage]: version }, nodeBinary)]),
  [
    `Deno ${deno}`,
    WHAT,
    () =>
      check(
        "deno",
        { "@deno/linux-x64-glibc": deno },
        (folder) => join(folder, "node_modules/@deno/linux-x64-glibc/deno"),
        "run",
        "--allow-all",
        "--no-lock",
        "--node-modules-dir=manual",
      ),
  ],
  [
    `Bun ${bun}`,
    WHAT,
    () => check("bun", { "@oven/bun-linux-x64": bun }, (folder) => join(folder, "node_modules/@oven/bun-linux-x64/bin/bun"), "run"),
  ],
];
