// Data that only snipped code spoke of: words of panics, paths of sources, tables of formatters. No optimiser drops
// it, because the linker puts all data into one segment. Its bytes become zero, which wasm-opt leaves out.
import { readFileSync, writeFileSync } from "node:fs";
import { dataSegments } from "./relocations.mjs";

/**
 * Rewrites `file`, an optimised module, in place. `text` is its text form, `symbols` are those of the linked module.
 * A symbol lives when a constant that referred to it, or any that lies inside it, is left in the code; when a living
 * symbol's bytes refer to it; and when nothing was ever seen to refer to it. Returns how many bytes died.
 */
export function zeroDeadData(file, text, symbols) {
  const constants = new Set([...text.matchAll(/i32\.const (-?\d+)|offset=(\d+)/g)].map(([, value, offset]) => Number(value ?? offset) >>> 0));
  const left = [...constants].sort((a, b) => a - b);
  const seen = ({ start, end, constants: own }) => [...own].some((value) => constants.has(value)) || left.some((value) => value >= start && value < end);
  const living = new Set(symbols.filter((symbol) => (symbol.constants.size === 0 && symbol.from.size === 0) || seen(symbol)));
  for (let before = -1; before < living.size; ) {
    before = living.size;
    for (const symbol of symbols) if ([...symbol.from].some((source) => living.has(source))) living.add(symbol);
  }
  if (living.size === symbols.length) throw new Error("Not one symbol of the data died: what wasm-ld tells of them must read otherwise now, see scripts/relocations.mjs.");
  return zero(file, symbols.filter((symbol) => !living.has(symbol)), [...living]);
}

function zero(file, dead, living) {
  const bytes = readFileSync(file);
  let died = 0;
  for (const { address, from, length } of dataSegments(bytes)) {
    const inside = (symbol) => [Math.max(symbol.start, address), Math.min(symbol.end, address + length)];
    const mask = new Uint8Array(length);
    for (const [symbols, flag] of [[dead, 1], [living, 0]]) {
      for (const [start, end] of symbols.map(inside)) if (start < end) mask.fill(flag, start - address, end - address);
    }
    mask.forEach((flag, at) => {
      died += flag && bytes[from + at] !== 0 ? 1 : 0;
      if (flag) bytes[from + at] = 0;
    });
  }
  writeFileSync(file, bytes);
  return died;
}
