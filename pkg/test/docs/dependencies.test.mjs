// Every dependency has a line that says why it is there, and no line is about a package that is gone.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const read = (path) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

test("docs/dependencies.md names the packages of both package.json files, and no others", () => {
  const rows = read("docs/dependencies.md")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|"));
  const named = rows.flatMap(([, packages]) => [...packages.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  const manifests = ["package.json", "pkg/package.json"].map((path) => JSON.parse(read(path)));
  const used = manifests.flatMap((manifest) =>
    Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.devDependencies }),
  );
  assert.deepEqual([...new Set(named)].sort(), [...new Set(used)].sort());
  for (const [, , why] of rows) assert.ok(why.trim().length > 8, why);
});

test("a comment precedes each group of dependencies in every Cargo.toml", () => {
  const root = new URL("../../../", import.meta.url);
  const below = (folder) =>
    existsSync(new URL(folder, root)) ? readdirSync(new URL(folder, root)).map((name) => `${folder}/${name}`) : [];
  const folders = [".", "primitives", "fuzz", ...below("bindings"), ...below("adapters")];
  const manifests = folders.map((folder) => `${folder}/Cargo.toml`).filter((path) => existsSync(new URL(path, root)));
  assert.ok(manifests.length >= 7);
  for (const path of manifests) {
    let explained = false;
    let inDependencies = false;
    for (const line of read(path).split("\n")) {
      if (line.startsWith("[")) [inDependencies, explained] = [/dependencies\]$/.test(line), false];
      else if (line.startsWith("#")) explained = true;
      else if (line === "") explained = false;
      else if (inDependencies && !/^better-session/.test(line)) assert.ok(explained, `${path}: ${line}`);
    }
  }
});
