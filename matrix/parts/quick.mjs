// The quick part, which `make test` runs: the oldest and the newest of what the other parts run, with the packages of one lock file.
// It has no table. `node matrix/parts/quick.mjs install` installs the packages, and `… present` checks that they are.
import { join } from "node:path";
import { argv, arch, platform } from "node:process";
import { pathToFileURL } from "node:url";
import { isInstalled, locked } from "../support.mjs";
import { bundle, close as closeBrowser, esbuild } from "./bundlers.mjs";
import { runSuite } from "./runtimes.mjs";
import { compileWith, resolutions } from "./types.mjs";

export const title = "Quick";
export const close = closeBrowser;
export const hasTable = false;

const folder = () => locked("quick");
const binary = async (name, file) => join(await folder(), "node_modules", `${name}-${platform}-${arch}`, file);
const compilers = {
  node10: ["typescript-5", "5.4.5"],
  node16: ["typescript-5", "5.4.5"],
  nodenext: ["typescript-7", "7.0.2"],
  bundler: ["typescript-7", "7.0.2"],
};

export const cases = [
  ...["20", "26"].map((version) => [
    `Node.js ${version}`,
    "suite, client, gate, explain",
    async () => runSuite(await folder(), await binary(`node-${version}`, "bin/node")),
  ]),
  ["Bun", "suite, client, gate, explain", async () => runSuite(await folder(), await binary("bun", "bin/bun"), "run")],
  ...resolutions.map(([module, resolution]) => {
    const [name, version] = compilers[resolution];
    return [
      `TypeScript ${version}`,
      `moduleResolution ${resolution}`,
      async () => compileWith(await folder(), name, version, module, resolution),
    ];
  }),
  ["esbuild", "build with splitting", async () => bundle(await folder(), "quick", esbuild)],
];

if (import.meta.url === pathToFileURL(argv[1]).href) {
  if (argv[2] === "install") await folder();
  else process.exitCode = isInstalled("quick") ? 0 : 1;
}
