// The packed package in Node, imported and required.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after } from "node:test";
import { installPacked } from "./support/pack.mjs";
import { reportCases } from "./support/report.mjs";

const { folder, remove } = installPacked();
after(remove);

const report = "runSuite(lib, cookies).then((results) => console.log(JSON.stringify(results)));";
const programs = {
  "Node, import": [
    "esm.mjs",
    `import * as lib from "better-session"; import * as cookies from "better-session/cookies"; import { runSuite } from "./suite/index.mjs"; ${report}`,
  ],
  "Node, require": [
    "common.cjs",
    `const lib = require("better-session"), cookies = require("better-session/cookies"); import("./suite/index.mjs").then(({ runSuite }) => ${report.slice(0, -1)});`,
  ],
  "Node, slim": [
    "slim.mjs",
    `import { readFileSync } from "node:fs"; import { fileURLToPath } from "node:url"; import * as lib from "better-session/slim"; import { runSuite } from "./suite/index.mjs";
     const wasm = readFileSync(fileURLToPath(import.meta.resolve("better-session/core.wasm")));
     lib.useCore(new WebAssembly.Module(wasm)); const cookies = await import("better-session/cookies"); ${report}`,
  ],
};

for (const [runtime, [file, program]] of Object.entries(programs)) {
  writeFileSync(join(folder, file), program);
  const output = execFileSync(process.execPath, [file], { cwd: folder, encoding: "utf8", maxBuffer: 1 << 26 });
  reportCases(runtime, JSON.parse(output));
}
