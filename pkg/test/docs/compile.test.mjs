// Every block of JavaScript and TypeScript in the documents compiles against the package's types.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { root } from "../support/pack.mjs";
import { DOCUMENTS, blocksOf } from "./blocks.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const folder = mkdtempSync(join(here, "blocks-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const LANGUAGES = { js: "js", ts: "ts", tsx: "tsx", jsx: "jsx" };
const blocks = DOCUMENTS.flatMap(blocksOf).filter(({ language, excerpt }) => language in LANGUAGES && !excerpt);

/** Makes a block a module of its own. What is not a declaration may `return`, as in the reader's handler. */
function moduleOf(text) {
  const isModule = /^(import|export) /m.test(text);
  if (/^ *return /m.test(text) && !isModule) return `export async function handler() {\n${text}\n}\n`;
  return `${text}\nexport {};\n`;
}

const fileOf = ({ language }, at) => `block-${at}.${LANGUAGES[language]}`;

/** Compiles the blocks of one kind in a folder of its own. In blocks of JavaScript, parameters have no types. */
function compile(kind, noImplicitAny) {
  const at = join(folder, kind);
  mkdirSync(at);
  copyFileSync(join(here, "ambient.d.ts"), join(at, "ambient.d.ts"));
  blocks.forEach((block, index) => {
    if (block.language.startsWith(kind)) writeFileSync(join(at, fileOf(block, index)), moduleOf(block.text));
  });
  const compilerOptions = {
    noEmit: true,
    strict: noImplicitAny,
    allowJs: true,
    checkJs: true,
    noImplicitAny,
    module: "esnext",
    moduleResolution: "bundler",
    target: "es2022",
    lib: ["es2022", "dom", "dom.iterable"],
    types: ["node"],
    jsx: "react-jsx",
    skipLibCheck: true,
  };
  writeFileSync(join(at, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*"] }));
  return spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "."], { cwd: at, encoding: "utf8" }).stdout;
}

const output = compile("ts", true) + compile("js", false);

test("the documents have blocks to compile", () => assert.ok(blocks.length >= 8, `${blocks.length}`));

blocks.forEach((block, at) => {
  test(`${block.document}:${block.line} compiles`, () => {
    const errors = output.split("\n").filter((line) => line.startsWith(`${fileOf(block, at)}(`));
    assert.deepEqual(errors, [], block.text);
  });
});
