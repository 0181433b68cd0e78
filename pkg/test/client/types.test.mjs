// The types of the client: types.ts compiles, and its marked lines do not.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { root } from "../support/pack.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));
const source = readFileSync(join(folder, "types.ts"), "utf8");

function compile(name) {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const flags = [
    "--noEmit",
    "--strict",
    "--noUncheckedIndexedAccess",
    "--module",
    "nodenext",
    "--target",
    "es2022",
    "--lib",
    "es2022,dom,dom.iterable",
    "--types",
    "node",
    "--skipLibCheck",
  ];
  return spawnSync(process.execPath, [tsc, ...flags, name], { cwd: folder, encoding: "utf8" });
}

test("types.ts compiles, and each line after @ts-expect-error does not", () => {
  const marks = source.split("\n").flatMap((line, at) => (line.includes("// @ts-expect-error") ? [at + 2] : []));
  assert.ok(marks.length >= 20, `${marks.length}`);
  const bare = join(folder, `types-bare-${process.pid}.ts`);
  try {
    // Without its mark there is an error right there, and nowhere else.
    writeFileSync(bare, source.replaceAll("// @ts-expect-error", "// "));
    const { status, stdout } = compile(bare);
    assert.notEqual(status, 0);
    const lines = new Set([...stdout.matchAll(/\((\d+),\d+\): error/g)].map(([, line]) => Number(line)));
    assert.deepEqual(
      [...lines].sort((a, b) => a - b),
      marks,
    );
  } finally {
    rmSync(bare, { force: true });
  }
});
