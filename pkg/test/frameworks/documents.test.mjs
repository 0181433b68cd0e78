// The code in docs/frameworks is that of the examples, that of Expo in docs/runtimes is that of the matrix, that of Angular is the README's, each page is in
// its index, and the table names the versions that the examples have.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { root } from "../support/pack.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");
const text = read("docs/frameworks.md");
const pagesOf = (folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
/** The blocks of a page that have a comment with a path: `[, path, code]`. */
const excerpts = (page) => [...read(page).matchAll(/<!-- (\S+) -->\n```\w+\n([^]*?)\n```/g)];

// These describe an example, whose code they do not show.
const WITHOUT_CODE = ["docs/frameworks/workers-rs.md"];
for (const page of [...pagesOf("docs/frameworks"), "docs/runtimes/expo.md"].filter((page) => !WITHOUT_CODE.includes(page)))
  test(`${page}: each block of code is in the file that is named above it`, () => {
    assert.ok(excerpts(page).length > 0);
    for (const [, path, code] of excerpts(page)) assert.ok(read(path).includes(code), `${path} does not contain:\n${code}`);
  });

test("every framework with an example has a page with its code", () => {
  const shown = new Set(pagesOf("docs/frameworks").flatMap((page) => excerpts(page).map(([, path]) => path.split("/")[1])));
  const examples = readdirSync(join(root, "examples")).filter((name) => existsSync(join(root, "examples", name, "package.json")));
  assert.ok(examples.length >= 14, examples.join());
  // The Worker's code is the README's, and that of docs/runtimes/cloudflare-workers.md.
  assert.deepEqual(
    examples.filter((name) => !shown.has(name) && name !== "worker"),
    [],
  );
});

for (const folder of ["docs/frameworks", "docs/runtimes"])
  test(`${folder}.md links to each of its pages`, () => {
    for (const page of pagesOf(folder)) assert.ok(read(`${folder}.md`).includes(`](${basename(folder)}/${basename(page)})`), page);
  });

test("the README has the lines of docs/runtimes/angular.md", () => {
  const [, lines] = /```ts\n([^]*?)```/.exec(read("docs/runtimes/angular.md"));
  assert.ok(read("README.md").includes(lines), lines);
});

test("the table names the versions of the examples", () => {
  const packages = { "next": "next", "@sveltejs/kit": "sveltekit", "hono": "hono", "express": "express", "fastify": "fastify" };
  const more = {
    "react-router": "react-router",
    "@tanstack/react-start": "tanstack-start",
    "nuxt": "nuxt",
    "nitro": "nitro",
    "astro": "astro",
  };
  for (const [name, example] of Object.entries({ ...packages, ...more })) {
    const { dependencies, devDependencies } = JSON.parse(read(`examples/${example}/package.json`));
    const version = dependencies[name] ?? devDependencies[name];
    const row = text.split("\n").find((line) => line.startsWith(`| \`better-session/${example}\` |`));
    assert.ok(row?.includes(`| ${version} |`), `${example}: ${version}`);
  }
});
