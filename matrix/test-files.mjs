// Test files as cases of the matrix.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./support.mjs";

const MINUTES = 15;

/** Returns a case for each test file of a folder: `[subject, what, check]`. A skipped test fails its file. */
export function casesOf(folder, what) {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".test.mjs"))
    .sort()
    .map((name) => [name.replace(".test.mjs", ""), what, () => run(join(root, folder, name))]);
}

async function run(file) {
  const env = { ...process.env };
  delete env.NODE_TEST_CONTEXT;
  const child = spawn(process.execPath, ["--test", "--test-reporter=spec", file], { cwd: root, env, timeout: MINUTES * 60_000 });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => output.push(String(chunk)));
  const code = await new Promise((resolve) => child.once("close", resolve));
  const text = output.join("");
  const count = (word) => Number(new RegExp(`^ℹ ${word} (\\d+)`, "m").exec(text)?.[1] ?? 0);
  if (code !== 0 || count("pass") === 0 || count("skipped") > 0) throw new Error(text.slice(-3500));
  return `${count("pass")} tests pass`;
}
