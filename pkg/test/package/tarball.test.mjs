// The packed package under the field's linters, its links and its files.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { after, test } from "node:test";
import { createPackageFromTarballData, checkPackage } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { installPacked, root } from "../support/pack.mjs";

const { folder, remove } = installPacked();
after(remove);
const installed = join(folder, "node_modules/better-session");
const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
const tarball = readFileSync(
  join(
    folder,
    readdirSync(folder).find((name) => name.endsWith(".tgz")),
  ),
);

test("publint reports nothing", async () => {
  const { messages } = await publint({ pkgDir: installed, pack: false, strict: true, level: "suggestion" });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, manifest, { color: false })),
    [],
  );
});

test("attw reports nothing, for every entry and every resolution", async () => {
  const { entrypoints, problems } = await checkPackage(createPackageFromTarballData(tarball));
  // A bundler or a runtime loads it as a module of WebAssembly; no resolver of TypeScript knows the extension.
  const own = problems.filter(({ entrypoint }) => entrypoint !== "./core.wasm");
  assert.deepEqual(
    own.map(({ kind, entrypoint, resolutionKind }) => [kind, entrypoint, resolutionKind]),
    [],
  );
  const resolutions = Object.entries(entrypoints).flatMap(([name, { resolutions }]) =>
    Object.entries(resolutions).map(([kind, { resolution }]) => [name, kind, Boolean(resolution)]),
  );
  assert.ok(resolutions.length > 30);
  assert.deepEqual(
    resolutions.filter(([, , found]) => !found),
    [],
  );
});

/** Returns the files below a folder of the installed package, as paths relative to the package. */
const filesOf = (path) =>
  statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesOf(join(path, name))) : [relative(installed, path)];

test("every file of dist is reached from an entry or a program", () => {
  const paths = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(paths));
  const reached = new Set();
  const visit = (path) => {
    if (reached.has(path) || !existsSync(path)) return;
    reached.add(path);
    if (!/\.([cm]?js|ts|cts)$/.test(path)) return;
    for (const [, to] of readFileSync(path, "utf8").matchAll(/(?:from|import|require)\s*\(?\s*"(\.[^"?]+)/g)) {
      const target = resolve(dirname(path), to);
      visit(/\.d\.c?ts$/.test(path) ? target.replace(/\.(c?)js$/, ".d.$1ts") : target);
    }
  };
  for (const path of [...paths(manifest.exports), ...Object.values(manifest.bin)]) visit(join(installed, path));
  const dead = filesOf(join(installed, "dist")).filter((path) => !reached.has(join(installed, path)));
  assert.ok(reached.size > 100);
  assert.deepEqual(dead, []);
});

/** Returns `[document, target]` of each relative link in the documents among `files`, with the target's path in the package. */
function links(files, read) {
  return files
    .filter((path) => path.endsWith(".md"))
    .flatMap((path) =>
      [...read(path).matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
        .map(([, target]) => target)
        .filter((target) => !/^[a-z]+:/.test(target))
        .map((target) => [path, join(dirname(path), target)]),
    );
}

test("every link and picture of the documents is in the tarball", () => {
  const all = links(
    filesOf(installed).filter((path) => !path.includes("node_modules")),
    (path) => readFileSync(join(installed, path), "utf8"),
  );
  assert.ok(all.length > 15, String(all.length));
  assert.deepEqual(
    all.filter(([, target]) => !existsSync(join(installed, target))),
    [],
  );
});

test("no example of the tarball depends on a path of the repository", () => {
  const manifests = filesOf(join(installed, "examples")).filter((path) => /(Cargo\.toml|package\.json)$/.test(path));
  assert.ok(manifests.length > 8, String(manifests.length));
  const locks = filesOf(join(installed, "examples")).filter((path) => /(Cargo\.lock|package-lock\.json)$/.test(path));
  assert.ok(locks.length > 8, String(locks.length));
  assert.deepEqual(
    locks.filter((path) => /name = "better-session[^"]*"\nversion = "[^"]*"\n(?!source)/.test(readFileSync(join(installed, path), "utf8"))),
    [],
  );
  assert.deepEqual(
    manifests.filter((path) => /path *= *"|"(file|link|workspace):/.test(readFileSync(join(installed, path), "utf8"))),
    [],
  );
});

/** The published crates, by name the folder and the least number of links. */
const CRATES = {
  "better-session": ["", 10],
  "better-session-primitives": ["primitives", 0],
  "better-session-feeds": ["adapters/feeds", 0],
  "better-session-axum": ["adapters/axum", 1],
  "better-session-forward-auth": ["adapters/forward-auth", 0],
};

for (const [name, [crate, least]] of Object.entries(CRATES)) {
  test(`every link and picture of the documents is in the crate ${name}`, () => {
    const list = execFileSync("cargo", ["package", "--list", "--allow-dirty", "--offline", "--package", name], {
      cwd: root,
      encoding: "utf8",
    });
    const files = list.trim().split("\n");
    const all = links(files, (path) => readFileSync(join(root, crate, path), "utf8"));
    assert.ok(all.length >= least, String(all.length));
    assert.deepEqual(
      all.filter(([, target]) => !files.some((path) => path === target || path.startsWith(`${target}/`))),
      [],
    );
  });
}
