// The code in docs/frameworks.md is that of the examples, that of Expo in docs/runtimes.md is that of the matrix, and the table names the versions that they have.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../support/pack.mjs";

const text = readFileSync(join(root, "docs/frameworks.md"), "utf8");
const read = (path) => readFileSync(join(root, path), "utf8");

test("each block of code is in the example that is named above it", () => {
  const pattern = /<!-- (\S+) -->\n```\w+\n([^]*?)\n```/g;
  const blocks = [...text.matchAll(pattern)];
  assert.ok(blocks.length >= 14, String(blocks.length));
  blocks.push(...read("docs/runtimes.md").matchAll(pattern));
  for (const [, path, code] of blocks) assert.ok(read(path).includes(code), `${path} does not contain:\n${code}`);
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
