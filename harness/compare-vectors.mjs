// Compares the cookies of two Better Auth versions, without times, keys and random bytes, and prints what differs as Markdown:
// `node harness/compare-vectors.mjs OLD.json NEW.json`. Exits with 0 also if something differs.
import { readFileSync } from "node:fs";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

/** Returns the lines that say how the vectors of two files differ; none if they do not. */
export function differences(before, after) {
  const [old, now] = [before, after].map(({ vectors }) => new Map(vectors.map((vector) => [vector.name, vector])));
  const names = new Set([...old.keys(), ...now.keys()]);
  return [...names].flatMap((name) => {
    if (!old.has(name)) return [`- "${name}" is new`];
    if (!now.has(name)) return [`- "${name}" is gone`];
    const [one, two] = [describe(old.get(name)), describe(now.get(name))];
    return [...new Set([...one, ...two])]
      .filter((line) => one.has(line) !== two.has(line))
      .map((line) => `- "${name}": ${two.has(line) ? "now" : "no longer"} ${line}`);
  });
}

/** Returns lines about a vector that are the same for all cookies of one kind. */
function describe({ cookies, expect, server }) {
  const lines = new Set();
  for (const [name, value] of Object.entries(cookies)) {
    lines.add(`the cookie \`${name}\``);
    for (const member of membersOf(headerOf(value))) lines.add(`in the header of \`${name}\`: ${member}`);
  }
  for (const member of membersOf(expect)) lines.add(`in the session: ${member}`);
  for (const [reader, result] of Object.entries(server)) lines.add(`${reader}: ${JSON.stringify(result)}`);
  return lines;
}

/** Returns the header of a JWT or JWE; undefined for other cookies. */
function headerOf(value) {
  try {
    return value.includes(".") ? JSON.parse(Buffer.from(value.split(".")[0], "base64url").toString()) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the path and the type of each member of a value, and the value of a header's `alg`, `enc` and `typ`. */
function membersOf(value, path = "") {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const isName = /(^|\.)(alg|enc|typ)$/.test(path);
    const type = value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
    return [`\`${path}\` is ${isName ? `\`${value}\`` : type}`];
  }
  return Object.entries(value).flatMap(([name, member]) => membersOf(member, path === "" ? name : `${path}.${name}`));
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [before, after] = argv.slice(2, 4).map((path) => JSON.parse(readFileSync(path, "utf8")));
  const lines = differences(before, after);
  console.log(lines.length > 0 ? lines.join("\n") : "The cookies of both versions have the same names, members and readings.");
}
