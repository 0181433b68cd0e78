// Writes the tables of docs/fuzzing.md.
import { readFileSync, writeFileSync } from "node:fs";

/** Replaces the table between two comments of the document. */
export function replaceTable(name, table) {
  const path = new URL("../docs/fuzzing.md", import.meta.url);
  const [from, to] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const before = readFileSync(path, "utf8");
  const [start, end] = [before.indexOf(from), before.indexOf(to)];
  if (start < 0 || end < start) throw new Error(`docs/fuzzing.md has no place for ${name}`);
  writeFileSync(path, `${before.slice(0, start)}${from}\n${table}\n${before.slice(end)}`);
}
