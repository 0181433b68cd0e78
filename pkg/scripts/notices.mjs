// Writes THIRD-PARTY-NOTICES: the crates in the WebAssembly modules and the bundled npm packages, with their licenses.
// Reads Cargo.lock, the crates' files and the bundler's list of inputs; works offline, with the same result on every machine.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleOptions } from "./javascript.mjs";
import { root } from "./paths.mjs";

/** Arguments of Cargo that select the packages of all modules. */
export const MODULES = ["core", "gate", "client", "inspect"].flatMap((name) => ["--package", `better-session-${name}`]);
export const TARGET = "wasm32-unknown-unknown";

/** Accepted licenses in order of preference. A package without any of them stops the build. */
const PREFERRED = [
  "MIT",
  "BSD-3-Clause",
  "BSD-2-Clause",
  "ISC",
  "Zlib",
  "Unicode-3.0",
  "Apache-2.0",
  "Apache-2.0 WITH LLVM-exception",
  "Unlicense",
  "CC0-1.0",
];

/** Text that identifies the license in a file without a license in its name. */
const WORDS = {
  MIT: /Permission is hereby granted, free of charge/,
  "Apache-2.0": /Apache License/,
  "BSD-3-Clause": /Redistribution and use/,
  "BSD-2-Clause": /Redistribution and use/,
  "Unicode-3.0": /UNICODE LICENSE/i,
  ISC: /Permission to use, copy, modify/,
};
const NAMES = {
  MIT: /mit/i,
  "Apache-2.0": /apache/i,
  "Apache-2.0 WITH LLVM-exception": /apache/i,
  "Unicode-3.0": /unicode/i,
  Unlicense: /unlicense/i,
};

const HEAD = `Third-party notices

The files of this package contain the software that is listed here, under the licenses that follow. better-session itself is under
MIT OR Apache-2.0, see LICENSE-MIT and LICENSE-APACHE.
`;

/** The standard library, which has no entry in Cargo.lock. */
const STANDARD_LIBRARY = {
  name: "The Rust standard library (core, alloc, std, and compiler-builtins and hashbrown within them)",
  license: "MIT OR Apache-2.0",
  copyright: "Copyright (c) The Rust Project contributors\nCopyright (c) 2016 Amanieu d'Antras (hashbrown)",
};

/** The copyright of MIT packages that come without the text of their license, by name and version. */
const COPYRIGHT = {
  "base64-simd 0.8.0": "Copyright (c) Nugine",
  "vsimd 0.8.0": "Copyright (c) Nugine",
};

/** Returns the text of the file. */
export async function notices() {
  const standard = { ...STANDARD_LIBRARY, text: `${STANDARD_LIBRARY.copyright}\n\n${mitTerms()}` };
  const packages = [standard, ...crates().map(withText), ...(await bundledPackages()).map(withText)];
  const list = packages.map(({ name, version, license }) => `- ${name}${version ? ` ${version}` : ""}: ${license}`);
  const texts = [...byText(packages)].map(
    ([text, users]) =>
      `${"-".repeat(100)}\n${users.map(({ name, version }) => `${name}${version ? ` ${version}` : ""}`).join(", ")}\n\n${text}\n`,
  );
  return `${HEAD}\n${list.join("\n")}\n\n${texts.join("\n")}`;
}

function byText(packages) {
  const groups = new Map();
  for (const one of packages) groups.set(one.text, [...(groups.get(one.text) ?? []), one]);
  return groups;
}

/** Returns the crates that are linked into a module: normal dependencies, without procedural macros and their dependencies. */
export function crates() {
  const cargo = (...args) => execFileSync("cargo", [...args, "--locked", "--offline"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  // `cargo metadata` alone would include crates that only tests enable.
  const tree = cargo("tree", ...MODULES, "--target", TARGET, "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}|");
  const linked = new Set(tree.split("\n").map((line) => line.split("|")[0].replace(" v", " ")));
  const { packages } = JSON.parse(cargo("metadata", "--format-version", "1", "--filter-platform", TARGET));
  return packages
    .filter(({ name, version, source }) => source !== null && linked.has(`${name} ${version}`))
    .map(({ name, version, license, manifest_path: manifest }) => ({ name, version, license, folder: dirname(manifest) }))
    .sort(byName);
}

/** Returns the npm packages that have files in a bundle. */
export async function bundledPackages() {
  const { build } = await import("esbuild");
  const { metafile } = await build({
    ...bundleOptions,
    format: "esm",
    outdir: "unused",
    write: false,
    metafile: true,
    absWorkingDir: root,
  });
  const folders = new Set(
    Object.keys(metafile.inputs).flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
  return [...folders]
    .map((folder) => ({ folder: join(root, folder), ...JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) }))
    .map(({ name, version, license, folder }) => ({ name, version, license, folder }))
    .sort(byName);
}

function byName(one, other) {
  const [a, b] = [one, other].map(({ name, version }) => `${name} ${version}`);
  return a < b ? -1 : Number(a > b);
}

function withText({ name, version, license, folder }) {
  const files = readdirSync(folder)
    .sort()
    .filter((file) => /^(licen[cs]e|copying|unlicense|notice)/i.test(file));
  const text = (file) =>
    readFileSync(join(folder, file), "utf8")
      .replaceAll("\r\n", "\n")
      .replace(/[ \t]+$/gm, "")
      .trim();
  const chosen = choose(license, `${name} ${version}`);
  const texts = chosen.map((id) => {
    const copyright = COPYRIGHT[`${name} ${version}`];
    if (copyright && id === "MIT" && !files.length) return `${copyright}\n\n${mitTerms()}`;
    const file = files.find((file) => NAMES[id]?.test(file)) ?? files.find((file) => (WORDS[id] ?? /./).test(text(file)));
    if (!file) throw new Error(`${name} ${version} has no file with the text of its license, ${id}: add it to the notices by hand.`);
    return text(file);
  });
  // Required by Apache-2.0.
  if (chosen.some((id) => id.startsWith("Apache"))) texts.push(...files.filter((file) => /^notice/i.test(file)).map(text));
  return { name, version, license, text: [...new Set(texts)].join("\n\n") };
}

/** Returns one license of each alternative in an SPDX expression: `(MIT OR Apache-2.0) AND Unicode-3.0` is MIT and Unicode-3.0. */
export function choose(expression, of) {
  return (expression ?? "").split(/ AND (?![^(]*\))/).map((alternatives) => {
    const offered = alternatives
      .replace(/[()]/g, "")
      .split(/ OR |\//)
      .map((id) => id.trim());
    const id = PREFERRED.find((preferred) => offered.includes(preferred));
    if (!id) throw new Error(`${of} is under "${expression}": none of these is an accepted license.`);
    return id;
  });
}

/** Returns the terms of MIT without a copyright line. */
function mitTerms() {
  const text = readFileSync(join(root, "LICENSE-MIT"), "utf8");
  return text.slice(text.indexOf("Permission is hereby granted")).trim();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) process.stdout.write(await notices());
