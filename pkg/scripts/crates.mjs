// Reads from a linked module, before wasm-opt and with its name section, how many bytes of code each crate has.
import { readFileSync } from "node:fs";

const [CUSTOM, IMPORT, CODE] = [0, 2, 10];
const FUNCTION_NAMES = 1;

/** Returns [crate, bytes of code], the largest first. A generic function counts for the crate that defines it. */
export function codeByCrate(path) {
  const { sizes, imported, names } = functions(readFileSync(path));
  const crates = new Map();
  for (const [at, size] of sizes.entries()) {
    const crate = crateOf(names.get(at + imported) ?? "");
    crates.set(crate, (crates.get(crate) ?? 0) + size);
  }
  return [...crates].sort(([, one], [, other]) => other - one);
}

/** Returns the crate of a mangled symbol, of either of rustc's schemes; exported functions have their own name. */
export function crateOf(symbol) {
  if (symbol.startsWith("_R")) {
    const [, length, rest] = /C(?:s[0-9A-Za-z]*_)(\d+)_?(\w+)/.exec(symbol) ?? [];
    return rest === undefined ? "other" : rest.slice(0, Number(length));
  }
  const [, length, rest] = /^_ZN(\d+)(.*)$/.exec(symbol) ?? [];
  if (rest === undefined) return /^_|^mem/.test(symbol) ? "other" : "exported functions";
  const first = rest.slice(0, Number(length));
  // `<u16 as aes..word..Word>` counts for aes, and an implementation for a built-in type alone for core.
  return /^[a-z]\w*$/.test(first) ? first : (/([a-z]\w*)\.\./.exec(first.replace(/\$\w+\$/g, " "))?.[1] ?? "core");
}

/** Parses a module (WebAssembly core specification, 5.5): sizes of its functions, the number of imported ones, and names by index. */
function functions(bytes) {
  const reader = { bytes, at: 8 };
  const found = { sizes: [], imported: 0, names: new Map() };
  while (reader.at < bytes.length) {
    const id = bytes[reader.at++];
    const end = number(reader) + reader.at;
    if (id === IMPORT) found.imported = importedFunctions(reader);
    if (id === CODE) found.sizes = Array.from({ length: number(reader) }, () => skipped(reader));
    if (id === CUSTOM && text(reader) === "name") readNames(reader, end, found.names);
    reader.at = end;
  }
  return found;
}

function importedFunctions(reader) {
  let count = 0;
  for (let left = number(reader); left > 0; left--) {
    text(reader);
    text(reader);
    const kind = reader.bytes[reader.at++];
    if (kind === 0) {
      count += 1;
      number(reader); // its type
    } else if (kind === 3) {
      reader.at += 2; // a global's type
    } else {
      if (kind === 1) reader.at += 1; // a table's type
      const hasMaximum = number(reader) % 2 === 1;
      number(reader);
      if (hasMaximum) number(reader);
    }
  }
  return count;
}

function readNames(reader, end, names) {
  while (reader.at < end) {
    const kind = reader.bytes[reader.at++];
    const stop = number(reader) + reader.at;
    if (kind === FUNCTION_NAMES) {
      for (let left = number(reader); left > 0; left--) {
        const index = number(reader);
        names.set(index, text(reader));
      }
    }
    reader.at = stop;
  }
}

/** Reads an unsigned LEB128. */
function number(reader) {
  for (let value = 0, factor = 1; ; factor *= 128) {
    const byte = reader.bytes[reader.at++];
    value += (byte & 127) * factor;
    if (byte < 128) return value;
  }
}

function text(reader) {
  const length = number(reader);
  return reader.bytes.subarray(reader.at, (reader.at += length)).toString();
}

/** Skips a vector of bytes and returns its length. */
function skipped(reader) {
  const length = number(reader);
  reader.at += length;
  return length;
}
