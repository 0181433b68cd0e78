// `make matrix`: runs the package in the versions of its runtimes, bundlers, compilers and test runners, part by part, and writes the
// tables of docs/compatibility.md. `node matrix/run.mjs NAME…` runs those parts, and `NAME:TEXT` the rows of one that contain the text.
// `node matrix/run.mjs quick` runs what `make test` does, and writes nothing.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./support.mjs";

const parts = [
  "runtimes",
  "workers",
  "browsers",
  "crate",
  "types",
  "bundlers",
  "next",
  "runners",
  "expo",
  "angular",
  "frameworks",
  "proxies",
  "rust",
];
const document = join(root, "docs/compatibility.md");
const asked = process.argv.slice(2);
const wanted = asked.length > 0 ? asked : parts;
const unknown = wanted.filter((name) => !["quick", ...parts].includes(name.split(":")[0]));
if (unknown.length > 0) {
  console.error(`matrix: no part ${unknown.join(", ")}; there are ${parts.join(", ")}`);
  process.exit(2);
}

let [passed, failed] = [0, 0];
for (const [name, text = ""] of wanted.map((part) => part.split(":"))) {
  const { title, cases, close, hasTable = true } = await import(`./parts/${name}.mjs`);
  console.log(`\n=== ${title}`);
  const rows = [];
  for (const [subject, what, check] of cases.filter((row) => row.slice(0, 2).join(" ").includes(text))) {
    const began = Date.now();
    let result;
    try {
      result = (await check()) ?? "passes";
      passed += 1;
    } catch (error) {
      result = "fails";
      failed += 1;
      console.log(String(error.stack ?? error).slice(0, 4000));
    }
    rows.push([subject, what, result]);
    console.log(`${result === "fails" ? "FAIL" : "ok  "} ${subject}: ${what} (${result}, ${((Date.now() - began) / 1000).toFixed(0)} s)`);
  }
  await close?.();
  if (hasTable) writeTable(name, title, cases, rows);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

/** Replaces the table of a part in the document; rows that were not run stay as they are. */
function writeTable(name, title, cases, results) {
  const before = existsSync(document) ? readFileSync(document, "utf8") : "";
  const [from, to] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const rows = cases.flatMap(([subject, what]) => {
    const row = results.find((result) => result[0] === subject && result[1] === what);
    return row ? [`| ${row.join(" | ")} |`] : before.split("\n").filter((line) => line.startsWith(`| ${subject} | ${what} |`));
  });
  const table = [`## ${title}`, "", "| version | what is tested | result |", "|---|---|---|", ...rows];
  const section = `${from}\n${table.join("\n")}\n${to}`;
  const [start, end] = [before.indexOf(from), before.indexOf(to)];
  const after = start < 0 ? `${before.trimEnd()}\n\n${section}\n` : before.slice(0, start) + section + before.slice(end + to.length);
  writeFileSync(document, after);
}
