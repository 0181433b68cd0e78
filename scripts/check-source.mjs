// Checks the sources for import circles, for words that are allowed in primitives/ only, and for the beginnings of comments.
// check-source.json lists known faults and may only shrink: `node scripts/check-source.mjs --shrink`.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { rustImports } from "./rust-imports.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const list = join(root, "scripts/check-source.json");
const known = JSON.parse(readFileSync(list, "utf8"));

const found = {
  circles: [
    ...["src", "primitives/src"].flatMap((folder) => circles(rustImports(join(root, folder)))),
    ...circles(scriptImports(join(root, "pkg/src"))),
  ],
  wrappingOrInline: count(["src"], [".rs"], /\bwrapping_\w+|#\[inline\b/g),
  commentsThatBeginWithWhat: count(
    ["src", "primitives", "bindings", "adapters", "pkg/src", "pkg/scripts"],
    [".rs", ".ts", ".mjs", ".js"],
    /(?<!\/\/\/.*\n\s*)\/\/\/ What\b|(?<!\/\/!.*\n\s*)\/\/! What\b|\/\*\* What\b|\/\*\*\n\s*\* What\b/g,
  ),
};

const faults = [
  ...found.circles
    .filter((circle) => !known.circles.some((old) => circle.every((module) => old.includes(module))))
    .map((circle) => `import circle: ${circle.join(", ")}`),
  ...exceeding("wrappingOrInline", "`wrapping_` or `#[inline` outside primitives/"),
  ...exceeding("commentsThatBeginWithWhat", 'doc comments that begin with "What": begin with a verb or a noun'),
];
if (process.argv[2] === "--shrink" && faults.length === 0) writeFileSync(list, `${JSON.stringify(found, null, 2)}\n`);
for (const fault of faults) console.error(fault);
console.log(
  `${found.circles.length} import circles, ${sum(found.wrappingOrInline)} wrapping or inline, ${sum(found.commentsThatBeginWithWhat)} comments that begin with "What" are left`,
);
process.exitCode = faults.length ? 1 : 0;

function exceeding(kind, words) {
  return Object.entries(found[kind]).flatMap(([path, times]) =>
    times > (known[kind][path] ?? 0) ? [`${path}: ${times} ${words}; known are ${known[kind][path] ?? 0}`] : [],
  );
}

function sum(counts) {
  return Object.values(counts).reduce((total, times) => total + times, 0);
}

/** Counts the matches of `pattern` by path; omits files without a match. */
function count(folders, endings, pattern) {
  const paths = folders.flatMap((folder) => files(join(root, folder))).map((path) => relative(root, path));
  const counts = paths
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .map((path) => [path, readFileSync(join(root, path), "utf8").match(pattern)?.length ?? 0]);
  return Object.fromEntries(counts.filter(([, times]) => times > 0));
}

/** Returns the files below a folder, except generated ones. */
function files(path) {
  if (!existsSync(path) || path.endsWith("/generated")) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => files(join(path, name)));
}

/** Returns a map from each TypeScript file to the files that it imports, type imports included. */
function scriptImports(folder) {
  const name = (path) => relative(root, path);
  return new Map(
    files(folder)
      .filter((path) => path.endsWith(".ts"))
      .map((path) => {
        const imports = readFileSync(path, "utf8").matchAll(/^(?:import|export)\b[^;]*?(?:from )?"(\.[^"]+)"/gm);
        const targets = [...imports].map(([, target]) => resolve(dirname(path), target.replace(/\.js$/, ".ts")));
        return [name(path), new Set(targets.filter(existsSync).map(name))];
      }),
  );
}

/** Returns the strongly connected components with more than one module (Tarjan's algorithm), each sorted. */
function circles(graph) {
  const [order, low, stack, out] = [new Map(), new Map(), [], []];
  const visit = (module) => {
    order.set(module, order.size);
    low.set(module, order.get(module));
    stack.push(module);
    for (const next of graph.get(module) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(module, Math.min(low.get(module), low.get(next)));
    }
    if (low.get(module) !== order.get(module)) return;
    const circle = stack.splice(stack.indexOf(module));
    if (circle.length > 1) out.push(circle.sort());
  };
  for (const module of graph.keys()) if (!order.has(module)) visit(module);
  return out;
}
