/** The live batches in the order in which they came, and cursors into them: what a feed keeps, wherever it keeps it. */
import { join } from "../bytes.js";
import { expiryOf, foldRecords, isKept, lasting, partsOf, recordsOf } from "../records.js";
import type { FeedAnswer, MarkBatch } from "../types.js";

/** Bytes of one answer: 100,000 marks are 2.7 MB and fit. */
const PAGE = 4 * 1024 * 1024;

/**
 * Bytes that are kept at most; beyond it the oldest eighth is dropped, and that is said by a floor. Revocations of a
 * server without a database are folded by user instead, and when that makes no room, no more are taken.
 */
const MOST = 32 * 1024 * 1024;

/** Bytes of memory that a line takes besides its data. */
const OVERHEAD = 256;

/** Milliseconds between two looks for what has expired: it is harmless, and looking costs a pass over all. */
export const SWEEP = 60_000;

/** Milliseconds, and bytes, of the tail: several reads long, and no more than a read should cost. */
const TAIL = 5000;
const TAIL_BYTES = 512 * 1024;

export interface Line extends MarkBatch {
  seq: number;
  /** By the feed's own clock. */
  arrivedAt: number;
}

export class Lines {
  /** Tells cursors of another life of this feed from its own: seqs may come again, epochs never. */
  readonly epoch: string;
  readonly #known = new Set<string>();
  #lines: Line[];
  #last: number;
  #bytes: number;
  #floor: number;
  #swept = 0;

  constructor(lines: Line[] = [], floor = 0) {
    this.epoch = crypto.randomUUID();
    this.#lines = lines;
    this.#last = lines.at(-1)?.seq ?? 0;
    this.#bytes = lines.reduce((sum, line) => sum + sizeOf(line), 0);
    this.#floor = floor;
    for (const { id } of lines) this.#known.add(id);
  }

  get floor(): number {
    return this.#floor;
  }

  get empty(): boolean {
    return this.#lines.length === 0;
  }

  /** The new line, or undefined for a batch that is known or past its time. */
  add(batch: MarkBatch, now: number): Line | undefined {
    if (this.#known.has(batch.id) || batch.expiresAt <= now) return undefined;
    if (this.#bytes > MOST && isKept(batch.data)) throw new Error("The revocation log is full.");
    return this.#append(batch, now);
  }

  #append(batch: MarkBatch, now: number): Line {
    const line: Line = { ...batch, data: batch.data.slice(), seq: ++this.#last, arrivedAt: now };
    this.#lines.push(line);
    this.#known.add(line.id);
    this.#bytes += sizeOf(line);
    return line;
  }

  /**
   * Forgets what has expired, once in a while, and the oldest beyond the bound. Returns the seqs of what went; `folded`
   * is called with the lines that took the place of others.
   */
  forget(now: number, most = MOST, folded: (line: Line) => void = () => {}): number[] {
    const gone: number[] = [];
    if (this.#bytes <= most && Math.abs(now - this.#swept) < SWEEP) return gone;
    this.#swept = now;
    const room = this.#bytes > most ? (most / 8) * 7 : most;
    if (this.#bytes > most) this.#fold(now, room, gone).forEach(folded);
    this.#lines = this.#lines.filter((line) => {
      const crowded = this.#bytes > room && !isKept(line.data);
      if (!crowded && line.expiresAt > now) return true;
      if (line.expiresAt > now) this.#floor = Math.max(this.#floor, line.arrivedAt);
      this.#bytes -= sizeOf(line);
      this.#known.delete(line.id);
      gone.push(line.seq);
      return false;
    });
    return gone;
  }

  /** Folds the lines that may not be dropped: new ones at the end hold what is left of them. */
  #fold(now: number, room: number, gone: number[]): Line[] {
    const kept = this.#lines.filter(({ data }) => isKept(data));
    if (kept.length === 0) return [];
    const records = kept.flatMap(({ data, expiresAt }) => (recordsOf(data) ?? []).map((record) => lasting(record, expiresAt)));
    const alive = join(records.filter((record) => expiryOf(record) > now));
    const size = kept.reduce((sum, line) => sum + sizeOf(line), 0);
    let data = foldRecords(alive, false);
    if (data.length > Math.max(0, room - (this.#bytes - size))) data = foldRecords(data, true);
    this.#lines = this.#lines.filter((line) => !isKept(line.data));
    this.#bytes -= size;
    for (const { id, seq } of kept) {
      this.#known.delete(id);
      gone.push(seq);
    }
    const parts = data.length > 0 ? partsOf(data, TAIL_BYTES) : [];
    return parts.map((part) => {
      const expiresAt = (recordsOf(part) ?? []).reduce((latest, record) => Math.max(latest, expiryOf(record)), 0);
      return this.#append({ data: part, expiresAt, id: crypto.randomUUID() }, now);
    });
  }

  since(cursor: string, now: number): Omit<FeedAnswer, "age"> {
    const [epoch, seq] = cursor.split(".");
    const after = epoch === this.epoch && Number(seq) <= this.#last ? Number(seq) : 0;
    const parts: Uint8Array[] = [];
    let bytes = 0;
    let last = this.#last;
    let more = false;
    for (let at = this.#first(after); at < this.#lines.length; at += 1) {
      const line = this.#lines[at]!;
      if (bytes > 0 && bytes + line.data.length > PAGE) {
        more = true;
        last = line.seq - 1;
        break;
      }
      if (line.expiresAt <= now) continue;
      parts.push(line.data);
      bytes += line.data.length;
    }
    return { marks: join(parts), cursor: `${this.epoch}.${last}`, more, floor: this.#floor || undefined };
  }

  /**
   * What came within the last seconds, whoever asks: readers with different cursors can share it. It serves every
   * cursor from `from` on.
   */
  tail(now: number): { from: string; marks: Uint8Array; cursor: string; floor: number | undefined } {
    const { lines, ...tail } = this.#tail(now);
    return { ...tail, marks: join(lines.map(({ data }) => data)) };
  }

  /** The same, each batch in a frame, so that a reader can leave out those that it has: see `framesAfter`. */
  framedTail(now: number): { from: string; frames: Uint8Array; cursor: string; floor: number | undefined } {
    const { lines, ...tail } = this.#tail(now);
    return { ...tail, frames: join(lines.flatMap(({ seq, data }) => [frameHead(seq, data.length), data])) };
  }

  #tail(now: number) {
    let at = this.#lines.length;
    let bytes = 0;
    while (at > 0 && bytes < TAIL_BYTES && now - this.#lines[at - 1]!.arrivedAt < TAIL) bytes += this.#lines[--at]!.data.length;
    const from = this.#lines[at] ? this.#lines[at]!.seq - 1 : this.#last;
    return { from: `${this.epoch}.${from}`, lines: this.#lines.slice(at), cursor: `${this.epoch}.${this.#last}`, floor: this.#floor || undefined };
  }

  /** Binary search: polls that find nothing new are nearly all there are. */
  #first(after: number): number {
    let low = 0;
    let high = this.#lines.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#lines[middle]!.seq > after) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Whether what serves every cursor from `from` on serves this one. */
export function serves(from: string, cursor: string): boolean {
  const [epoch, first] = from.split(".");
  const [itsEpoch, seq] = cursor.split(".");
  return epoch === itsEpoch && Number(first) <= Number(seq);
}

/** Bytes before a batch in a framed tail: its seq in 6, its length in 4. */
const FRAME = 10;

function frameHead(seq: number, length: number): Uint8Array {
  const head = new DataView(new ArrayBuffer(FRAME));
  head.setUint16(0, Math.floor(seq / 2 ** 32));
  head.setUint32(2, seq >>> 0);
  head.setUint32(6, length);
  return new Uint8Array(head.buffer);
}

/** The batches of a framed tail that came after the cursor, one after the other. */
export function framesAfter(frames: Uint8Array, cursor: string): Uint8Array {
  const view = new DataView(frames.buffer, frames.byteOffset, frames.byteLength);
  const after = Number(cursor.split(".")[1]);
  const parts: Uint8Array[] = [];
  for (let at = 0; at + FRAME <= frames.length; ) {
    const seq = view.getUint16(at) * 2 ** 32 + view.getUint32(at + 2);
    const from = at + FRAME;
    at = from + view.getUint32(at + 6);
    if (!(seq <= after)) parts.push(frames.subarray(from, at));
  }
  return join(parts);
}

function sizeOf({ data }: Line): number {
  return data.length + OVERHEAD;
}
