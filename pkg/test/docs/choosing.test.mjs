// docs/choosing.md names every entry of the package, every published crate and every command, docs/surprises.md every finding, and
// docs/troubleshooting.md every message of WASM_UNAVAILABLE.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../support/pack.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");
const choosing = read("docs/choosing.md");
/** The names in code font in the second column, which says what to use. */
const offered = choosing
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("|---"))
  .flatMap((line) => [...line.split(" | ")[1].matchAll(/`([^`]+)`/g)].map(([, name]) => name));

const entries = Object.keys(JSON.parse(read("pkg/package.json")).exports).map((entry) => entry.replace(/^\./, "better-session"));

for (const entry of entries) test(`docs/choosing.md offers ${entry}`, () => assert.ok(offered.includes(entry)));

test("docs/choosing.md offers no other entry", () => {
  const others = offered.filter((name) => name.startsWith("better-session/") && !entries.includes(name));
  assert.deepEqual(others, []);
});

test("docs/choosing.md names every published crate", () => {
  const folders = [
    ".",
    "primitives",
    ...["adapters", "bindings"].flatMap((at) => readdirSync(join(root, at)).map((name) => `${at}/${name}`)),
  ];
  const manifests = folders.map((folder) => read(`${folder}/Cargo.toml`)).filter((text) => !/^publish = false$/m.test(text));
  const crates = manifests.map((text) => /^name = "([^"]+)"$/m.exec(text)[1]);
  assert.ok(crates.length >= 5, crates.join());
  assert.deepEqual(
    crates.filter((name) => !choosing.includes(`\`${name}\``)),
    [],
  );
});

test("docs/choosing.md offers every command", () => {
  const commands = [...read("pkg/src/cli/main.ts").matchAll(/better-session (\w+) /g)].map(([, name]) => `npx better-session ${name}`);
  assert.ok(commands.length >= 2, commands.join());
  for (const command of commands) assert.ok(offered.includes(command), command);
});

test("docs/surprises.md names every finding once, and no other", () => {
  const rows = read("docs/surprises.md")
    .split("\n")
    .filter((line) => line.includes("`findings/"));
  const named = rows.map((row) => /`findings\/([^`]+)`/.exec(row)[1]);
  assert.deepEqual(named.sort(), readdirSync(join(root, "findings")).sort());
});

test("docs/troubleshooting.md has every message of WASM_UNAVAILABLE", () => {
  const [, body] = /function unavailable\(\): string \{([^]*?)\n\}/.exec(read("pkg/src/runtime/instances.ts"));
  const beginnings = [...body.matchAll(/return "([^".:]+)/g)].map(([, text]) => text);
  assert.ok(beginnings.length >= 3, beginnings.join());
  for (const beginning of beginnings) assert.ok(read("docs/troubleshooting.md").includes(`"${beginning}"`), beginning);
});
