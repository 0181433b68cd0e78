// Reads the imports between the modules of a crate from its sources.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";

/**
 * Returns a map from each module below `src` ("cache::jwt") to the modules that it uses. Ignores uses between a module and
 * its ancestors: a parent calls its children, and they use its declarations.
 */
export function rustImports(src) {
  const modules = new Map(rustFiles(src, []).filter(([name]) => name !== ""));
  const uses = ([name, path]) => {
    const text = readFileSync(path, "utf8")
      .replace(/\/\/.*$/gm, "")
      .replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
    const used = [...text.matchAll(/\b(?:crate|super|self)(?:::(?:\w+|\{[^;]*?\}(?=;)))+/g)].flatMap(([tree]) => expand(tree));
    const targets = used.map((segments) => target(segments, name, modules));
    return [name, new Set(targets.filter((to) => to && to !== name && !within(to, name) && !within(name, to)))];
  };
  return new Map([...modules].map(uses));
}

const within = (inner, outer) => inner.startsWith(`${outer}::`);

/** Returns [module, path] for each file. */
function rustFiles(path, segments) {
  if (statSync(path).isFile()) return path.endsWith(".rs") ? [[segments.join("::"), path]] : [];
  return readdirSync(path)
    .sort()
    .flatMap((entry) => {
      const name = basename(entry, ".rs");
      const isOwn = ["mod.rs", "lib.rs"].includes(entry);
      return rustFiles(join(path, entry), isOwn ? segments : [...segments, name]);
    });
}

/** Returns the paths of a use tree: `crate::{a, b::{c, d}}` is crate::a, crate::b::c and crate::b::d. */
function expand(tree) {
  const open = tree.indexOf("{");
  if (open < 0) return [tree.split("::").map((part) => part.trim())];
  const head = tree.slice(0, open);
  const parts = [];
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < tree.length; at++) {
    if (tree[at] === "{") depth += 1;
    if (tree[at] === "}") depth -= 1;
    if ((tree[at] === "," && depth === 1) || (tree[at] === "}" && depth === 0)) {
      parts.push(
        tree
          .slice(start, at)
          .trim()
          .replace(/ as \w+$/, ""),
      );
      start = at + 1;
    }
  }
  return parts.filter(Boolean).flatMap((part) => expand(head + part));
}

/** Returns the module that a path inside the module `from` refers to; undefined if it is not in the crate. */
function target(segments, from, modules) {
  let at = segments[0] === "crate" ? [] : from.split("::");
  let rest = segments.slice(1);
  if (segments[0] === "super") at = at.slice(0, -1);
  while (rest[0] === "super") {
    at = at.slice(0, -1);
    rest = rest.slice(1);
  }
  while (rest.length && modules.has([...at, rest[0]].join("::"))) at.push(rest.shift());
  const name = at.join("::");
  return modules.has(name) ? name : undefined;
}
