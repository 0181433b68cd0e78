// The names that the documents have to list: codes in the sources, members in the built declarations.
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import ts from "typescript";
import { root } from "../support/pack.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");

/** Returns the files below a folder of the repository whose names have an extension. */
function filesBelow(folder, extension) {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (/^(?:target|node_modules|generated|tests?|examples)$/.test(name)) return [];
    if (statSync(join(root, path)).isDirectory()) return filesBelow(path, extension);
    return name.endsWith(extension) && name !== `tests${extension}` ? [path] : [];
  });
}

/** Returns the sources of the package and the crates by path, without the unit tests at their ends. */
function sources() {
  const crates = ["bindings", "adapters"].flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}/src`));
  const rust = ["src", ...crates.filter((path) => existsSync(join(root, path)))].flatMap((folder) => filesBelow(folder, ".rs"));
  const paths = [...filesBelow("pkg/src", ".ts"), ...rust];
  return new Map(paths.map((path) => [path, read(path).split("#[cfg(test)]")[0]]));
}

/** A code in capitals: with an underscore anywhere, of one word where only a code can be. */
const CODES = [
  /"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"/g,
  /(?:BetterSessionError|ConfigError::new)\(\s*"([A-Z]+)"/g,
  /\bcode"?: "([A-Z]+)"/g,
  /=> "([A-Z]+)",/g,
  /^ *(?:\||\[)\s*"([A-Z]+)"/gm,
];

/** The environment of a binary, which the README of its crate lists. */
const ENVIRONMENT = "adapters/forward-auth/src/settings.rs";

/** The files in which every text of small words is a reason, a cause or a code. */
const SMALL = [
  "pkg/src/protocol/messages.ts",
  "pkg/src/verdicts.ts",
  "pkg/src/gate/events.ts",
  "pkg/src/revocation/reader.ts",
  "pkg/src/revocation/report-endpoint.ts",
  "src/revocation/entry.rs",
  "src/revocation/message.rs",
  "src/gate/cause.rs",
  "adapters/axum/src/cause.rs",
];

const matches = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name);

/** Returns every code in the sources, with the path of a file that has it. */
export function codes() {
  const found = new Map();
  const all = sources();
  for (const [path, text] of all) {
    if (path === ENVIRONMENT) continue;
    for (const pattern of CODES) for (const code of matches(text, pattern)) found.set(code, path);
  }
  for (const path of SMALL) for (const code of matches(all.get(path), /"([a-z]+(?:_[a-z]+)+)"/g)) found.set(code, path);
  // The endpoint for reports sends its own and those of batches in capitals.
  for (const [code, path] of [...found]) {
    if (/^(?:report|batch|core|index_full)/.test(code)) found.set(code.toUpperCase(), path);
    if (/^report_/.test(code)) found.delete(code);
  }
  return found;
}

/** Returns the members of a union of texts in pkg/src/verdicts.ts. */
export function unionOf(name) {
  const text = read("pkg/src/verdicts.ts").split(`export type ${name} =`)[1].split(";\n")[0];
  return matches(text, /"([a-z_]+)"/g);
}

const dist = join(root, "pkg/dist");
const isOwn = (file) =>
  file.fileName
    .split("/")
    .join(sep)
    .startsWith(dist + sep);

/** Returns the names of the members that a declaration has itself, at any depth: of parameters only the objects that are declared there. */
function membersOf(declaration) {
  const names = new Set();
  const walk = (node) => {
    if (ts.isPropertySignature(node) || ts.isMethodSignature(node)) names.add(node.name.text);
    ts.forEachChild(node, walk);
  };
  walk(declaration);
  return [...names];
}

/**
 * Returns the built declarations: `types` has the members of each exported type, and of each type of options, by name; `values` the names of
 * the exported functions, classes and constants.
 */
export function declarations() {
  const entries = readdirSync(dist).filter((name) => name.endsWith(".d.ts") && !name.includes("wasm"));
  const options = { noLib: true, types: [], module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
  const program = ts.createProgram(
    entries.map((name) => join(dist, name)),
    options,
  );
  const checker = program.getTypeChecker();
  const types = new Map();
  const values = new Set();
  const add = (name, declaration) => types.set(name, [...new Set([...(types.get(name) ?? []), ...membersOf(declaration)])]);
  for (const file of program.getSourceFiles().filter(isOwn)) {
    for (const node of file.statements) if (ts.isInterfaceDeclaration(node) && /Options$/.test(node.name.text)) add(node.name.text, node);
    if (!entries.some((name) => join(dist, name) === join(file.fileName))) continue;
    for (const exported of checker.getExportsOfModule(checker.getSymbolAtLocation(file))) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      for (const declaration of symbol.declarations.filter((node) => isOwn(node.getSourceFile()))) {
        if (ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration)) add(symbol.name, declaration);
        else values.add(symbol.name);
        if (ts.isFunctionDeclaration(declaration) && membersOf(declaration).length > 0) add(`${symbol.name}()`, declaration);
      }
    }
  }
  return { types, values };
}

/** Returns a section of a document, from its heading to the next one of the same or a higher level; the whole document without a heading. */
export function section(place) {
  const [document, heading] = place.split(" # ");
  const text = read(`docs/${document}.md`);
  if (!heading) return text;
  const lines = text.split("\n");
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, "") === heading);
  if (start < 0) throw new Error(`${document}.md has no section ${heading}`);
  const level = lines[start].match(/^#+/)[0].length;
  const length = lines.slice(start + 1).findIndex((line) => /^#+ /.test(line) && line.match(/^#+/)[0].length <= level);
  return lines.slice(start, length < 0 ? undefined : start + 1 + length).join("\n");
}

/** Returns the names in code font. Blocks of code do not count, unless `blocks`. */
export function namesIn(text, blocks = false) {
  const fences = /^```[\s\S]*?^```/gm;
  const paragraphs = text.replace(fences, "").split(/\n\n|\n(?=\|)/);
  const spans = paragraphs.flatMap((paragraph) => matches(paragraph, /`([^`]+)`/g));
  const parts = blocks ? [...spans, ...(text.match(fences) ?? [])] : spans;
  return new Set(parts.flatMap((part) => part.match(/[$\w-]+/g) ?? []));
}
