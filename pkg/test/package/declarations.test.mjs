// The declarations of the packed package: without the DOM's, and for TypeScript's older resolution.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { installPacked, root } from "../support/pack.mjs";

const { folder, remove } = installPacked();
after(remove);
const { exports, peerDependencies } = JSON.parse(readFileSync(join(folder, "node_modules/better-session/package.json"), "utf8"));
// The plugin's declarations name many of better-auth's, which need the DOM's.
const entries = Object.keys(exports).filter((path) => !/json|plugin|wasm/.test(path));
const peers = Object.keys(peerDependencies);
writeFileSync(
  join(folder, "all.ts"),
  entries.map((path, i) => `import * as e${i} from ${JSON.stringify(path.replace(".", "better-session"))};\nvoid e${i};\n`).join(""),
);
mkdirSync(join(folder, "node_modules/@types"), { recursive: true });
for (const name of ["@types/node", "@types/react", "undici-types", "csstype", "react", "hono", "fastify"]) {
  symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
}

function errors(file, ...flags) {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const all = ["--noEmit", "--strict", "--target", "es2022", "--pretty", "false", ...flags, file];
  const { stdout } = spawnSync(process.execPath, [tsc, ...all], { cwd: folder, encoding: "utf8" });
  // A framework that is not installed here: whoever imports its entry has it.
  const missing = (line) => peers.some((name) => line.includes(`TS2307: Cannot find module '${name}`));
  return stdout
    .split("\n")
    .filter((line) => line && !missing(line))
    .join("\n");
}

test("no declaration needs the DOM's, and none is skipped", () => {
  const own = errors("all.ts", "--lib", "es2022", "--types", "node", "--module", "nodenext", "--skipLibCheck", "false")
    .split("\n")
    .filter((line) => line.startsWith("node_modules/better-session") || line.startsWith("all.ts"));
  assert.deepEqual(own, []);
});

for (const [module, resolution] of [
  ["esnext", "node10"],
  ["nodenext", "nodenext"],
  ["esnext", "bundler"],
]) {
  test(`every entry has types with moduleResolution ${resolution}`, () => {
    const flags = ["--lib", "es2022,dom,dom.iterable", "--skipLibCheck", "--module", module, "--moduleResolution", resolution];
    assert.equal(errors("all.ts", ...flags), "");
  });
}
