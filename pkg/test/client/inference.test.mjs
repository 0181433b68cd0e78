// The inference from plugins: one file of valid and of invalid lines, compiled against Better Auth's client and against this one.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { root } from "../support/pack.mjs";

const source = readFileSync(join(import.meta.dirname, "inference.ts"), "utf8");
const copies = ["better-auth/client", "better-session/client"].map((client, at) => {
  const file = join(import.meta.dirname, `inference-${process.pid}-${at}.ts`);
  writeFileSync(file, source.replace('"CLIENT"', JSON.stringify(client)));
  return file;
});
after(() => copies.forEach((file) => rmSync(file, { force: true })));

test("60 lines compile and 40 marked ones do not, with either client", () => {
  const marks = source.split("\n").filter((line) => line.includes("// @ts-expect-error")).length;
  assert.ok(marks >= 40, `${marks} marks`);
  const valid = source.slice(source.indexOf("function valid"), source.indexOf("function invalid"));
  assert.ok(valid.split("\n").filter((line) => line.endsWith(";")).length >= 60);
  const flags = "--noEmit --strict --noUncheckedIndexedAccess --skipLibCheck --module nodenext --target es2022 --types node";
  const args = [join(root, "node_modules/typescript/bin/tsc"), ...flags.split(" "), "--lib", "es2022,dom,dom.iterable", ...copies];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: import.meta.dirname, encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
