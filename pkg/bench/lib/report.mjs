// The table of all figures, its JSON, and the machine it was measured on.
import { cpus, loadavg, totalmem } from "node:os";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/paths.mjs";
import { median, quantile, ratios } from "./rounds.mjs";

const rows = [];

/** Adds a row. `value` and `beside` are texts; `ratio` is a number, `range` its quartiles, and `wanted` a bound as "≥ 3" or "≤ 0.6". */
export function row({ what, where = "Node", value, beside = "", ratio, range, unit = "×", wanted = "" }) {
  rows.push({ what, where, value, beside, ratio, range, unit, wanted, met: isMet(ratio, wanted) });
}

/** Adds a row for the times of a candidate beside those of another: how many times as fast it is. */
export function faster({ what, where, times, than, name, wanted }) {
  const each = ratios(than, times);
  const beside = `${name} ${micros(median(than))}`;
  row({ what, where, value: micros(median(times)), beside, ratio: median(each), range: quartiles(each), wanted });
}

export const quartiles = (values) => [quantile(values, 0.25), quantile(values, 0.75)];

export const micros = (time) => `${time < 10 ? time.toFixed(2) : time.toFixed(time < 100 ? 1 : 0)} µs`;

function isMet(ratio, wanted) {
  if (ratio === undefined || wanted === "") return null;
  const bound = Number(wanted.slice(2));
  return wanted.startsWith("≥") ? ratio >= bound : ratio <= bound;
}

const version = (name) => JSON.parse(readFileSync(join(root, `node_modules/${name}/package.json`), "utf8")).version;

/** Returns what the figures depend on. `extra` are names and versions of runtimes that only a part knows. */
export function environment(extra = {}) {
  return {
    node: process.version,
    workerd: version("workerd"),
    ...extra,
    "better-auth": version("better-auth"),
    jose: version("jose"),
    baseline: "better-session 0.1.0 (commit e596064)",
    cpu: `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}`,
    memory: `${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    load: loadavg()
      .map((load) => load.toFixed(1))
      .join(" "),
    date: new Date().toISOString().slice(0, 16),
  };
}

/** Returns the table in Markdown. */
export function table() {
  const number = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
  const line = ({ what, where, value, beside, ratio, range, unit, wanted, met }) => {
    const shown = ratio === undefined ? "" : `${number(ratio)} ${unit}${range ? ` (${range.map(number).join(" to ")})` : ""}`;
    return [what, where, value, beside, shown, wanted, met === null ? "" : met ? "met" : "MISSED"];
  };
  const head = ["measured", "where", "value", "beside", "ratio (quartiles)", "wanted", ""];
  const cells = [head, ...rows.map(line)];
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column].length)));
  const text = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  return [text(head), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...cells.slice(1).map(text)].join("\n");
}

export const figures = () => rows;
