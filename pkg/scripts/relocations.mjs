// What wasm-ld's --emit-relocs tells of a module: its data, symbol by symbol, and every constant that code or data
// refers to a symbol by (WebAssembly's tool conventions, "Linking": the sections `linking` and `reloc.*`).

const SECTION = { custom: 0, data: 11 };
const SYMBOL_TABLE = 8;
const SYMBOL = { data: 1, section: 3 };
const UNDEFINED = 0x10;
const EXPLICIT_NAME = 0x40;
/** R_WASM_MEMORY_ADDR_{LEB,SLEB,I32} and its relatives: the relocations that have a data symbol and an addend. */
const OF_MEMORY = new Set([3, 4, 5, 11, 14, 15, 16, 17, 21, 23, 25]);
/** R_WASM_{FUNCTION,SECTION}_OFFSET: no data symbol, but an addend that must be passed over. */
const WITH_ADDEND = new Set([8, 9, 22]);

/**
 * `symbols`: `{ name, start, end, constants, from }` of every data symbol: its addresses, the constants in code that
 * refer to it, and the symbols whose bytes do. `bare`: the module without the sections that told it.
 */
export function readRelocations(bytes) {
  const sections = splitSections(bytes);
  const named = (name) => sections.find((section) => section.name === name);
  const linking = named("linking");
  if (!linking) throw new Error("The linker wrote no symbols: it was not asked to --emit-relocs.");
  const data = sections.find(({ id }) => id === SECTION.data);
  const segments = dataSegments(bytes);
  const table = readSymbols(bytes, linking, segments);
  const symbols = table.filter(Boolean);
  for (const { index, addend } of readSection(bytes, named("reloc.CODE"))) {
    const symbol = table[index];
    if (symbol) symbol.constants.add((symbol.start + addend) >>> 0);
  }
  for (const { index, offset } of readSection(bytes, named("reloc.DATA"))) {
    const at = addressOf(segments, data.body + offset);
    for (const source of symbols) if (table[index] && source.start <= at && at < source.end) table[index].from.add(source);
  }
  const kept = sections.filter(({ name }) => !/^(linking|reloc\.)/.test(name ?? ""));
  return { symbols, bare: Buffer.concat([bytes.subarray(0, 8), ...kept.map(({ start, end }) => bytes.subarray(start, end))]) };
}

function splitSections(bytes) {
  const cursor = new Cursor(bytes, 8);
  const sections = [];
  while (cursor.at < bytes.length) {
    const start = cursor.at;
    const id = cursor.byte();
    const length = cursor.leb();
    const body = cursor.at;
    const name = id === SECTION.custom ? cursor.text() : undefined;
    sections.push({ id, name, start, body, content: cursor.at, end: body + length });
    cursor.at = body + length;
  }
  return sections;
}

/** `{ address, from, length }` of every data segment: where its bytes are in memory and in the file. */
export function dataSegments(bytes) {
  const cursor = new Cursor(bytes, splitSections(bytes).find(({ id }) => id === SECTION.data).body);
  return cursor.list(() => {
    if (cursor.leb() !== 0 || cursor.byte() !== 0x41) throw new Error("A data segment is not at a fixed address.");
    const address = cursor.leb();
    cursor.byte(); // end
    const length = cursor.leb();
    const from = cursor.at;
    cursor.at += length;
    return { address, from, length };
  });
}

const addressOf = (segments, at) => {
  const segment = segments.find(({ from, length }) => from <= at && at < from + length);
  return segment ? segment.address + at - segment.from : -1;
};

/** By symbol index; undefined for what is not defined data. */
function readSymbols(bytes, { content, end }, segments) {
  const cursor = new Cursor(bytes, content);
  cursor.leb(); // version
  let symbols = [];
  while (cursor.at < end) {
    const type = cursor.byte();
    const length = cursor.leb();
    const next = cursor.at + length;
    if (type === SYMBOL_TABLE) symbols = cursor.list(() => readSymbol(cursor, segments));
    cursor.at = next;
  }
  return symbols;
}

function readSymbol(cursor, segments) {
  const kind = cursor.byte();
  const flags = cursor.leb();
  const defined = !(flags & UNDEFINED);
  if (kind === SYMBOL.section) return void cursor.leb();
  if (kind !== SYMBOL.data) {
    cursor.leb();
    if (defined || flags & EXPLICIT_NAME) cursor.text();
    return undefined;
  }
  const name = cursor.text();
  if (!defined) return undefined;
  const [segment, offset, size] = [cursor.leb(), cursor.leb(), cursor.leb()];
  const start = segments[segment].address + offset;
  return { name, start, end: start + size, constants: new Set(), from: new Set() };
}

function readSection(bytes, section) {
  if (!section) return [];
  const cursor = new Cursor(bytes, section.content);
  cursor.leb(); // the section that is meant
  const entries = cursor.list(() => {
    const type = cursor.byte();
    const [offset, index] = [cursor.leb(), cursor.leb()];
    const addend = OF_MEMORY.has(type) || WITH_ADDEND.has(type) ? cursor.signedLeb() : 0;
    return { type, offset, index, addend };
  });
  return entries.filter(({ type }) => OF_MEMORY.has(type));
}

class Cursor {
  constructor(bytes, at) {
    Object.assign(this, { bytes, at });
  }

  byte() {
    return this.bytes[this.at++];
  }

  leb() {
    let value = 0;
    for (let shift = 0, byte = 0x80; byte & 0x80; shift += 7) {
      byte = this.byte();
      value |= (byte & 0x7f) << shift;
    }
    return value >>> 0;
  }

  signedLeb() {
    let value = 0;
    let shift = 0;
    let byte = 0x80;
    for (; byte & 0x80; shift += 7) {
      byte = this.byte();
      value |= (byte & 0x7f) << shift;
    }
    return shift < 32 && byte & 0x40 ? value | (-1 << shift) : value;
  }

  text() {
    const length = this.leb();
    this.at += length;
    return this.bytes.toString("utf8", this.at - length, this.at);
  }

  list(read) {
    return Array.from({ length: this.leb() }, read);
  }
}
