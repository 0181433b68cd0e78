/** The unexpired batches of a feed in order of arrival, with cursors. */
import { concat } from "../bytes.js";
import { expiryOf, foldRecords, isKept, lasting, partsOf, recordsOf } from "../records.js";
import type { FeedAnswer, MarkBatch } from "../types.js";

/** Maximum size of one response in bytes; 100,000 entries are 2.7 MB. */
const MAX_PAGE = 4 * 1024 * 1024;

/**
 * Maximum size in bytes. Beyond it the oldest eighth is dropped, which raises the floor. Revocations of a server without a
 * database are folded by user instead, and if that frees no space, further batches are rejected.
 */
const MAX_BYTES = 32 * 1024 * 1024;

/** Memory of a batch besides its data, in bytes. */
const OVERHEAD = 256;

/** Interval in milliseconds at which expired batches are removed. They are harmless, and removing them costs a pass over all. */
export const SWEEP = 60_000;

/** Duration (ms) and size (bytes) of the tail: it covers several poll intervals. */
const TAIL = 5000;
const TAIL_BYTES = 512 * 1024;

export interface LoggedBatch extends MarkBatch {
  seq: number;
  /** The time of arrival by the feed's own clock. */
  arrivedAt: number;
}

export class BatchLog {
  /** Distinguishes the cursors of this log from those before a restart: sequence numbers can repeat, epochs do not. */
  readonly epoch: string;
  readonly #known = new Set<string>();
  #batches: LoggedBatch[];
  #last: number;
  #bytes: number;
  #floor: number;
  #swept = 0;

  constructor(batches: LoggedBatch[] = [], floor = 0) {
    this.epoch = crypto.randomUUID();
    this.#batches = batches;
    this.#last = batches.at(-1)?.seq ?? 0;
    this.#bytes = batches.reduce((sum, batch) => sum + sizeOf(batch), 0);
    this.#floor = floor;
    for (const { id } of batches) this.#known.add(id);
  }

  get floor(): number {
    return this.#floor;
  }

  get empty(): boolean {
    return this.#batches.length === 0;
  }

  /** Adds a batch. Returns undefined if it is known or has expired. */
  add(batch: MarkBatch, now: number): LoggedBatch | undefined {
    if (this.#known.has(batch.id) || batch.expiresAt <= now) return undefined;
    if (this.#bytes > MAX_BYTES && isKept(batch.data)) throw new Error("The revocation log is full.");
    return this.#append(batch, now);
  }

  #append(batch: MarkBatch, now: number): LoggedBatch {
    const logged: LoggedBatch = { ...batch, data: batch.data.slice(), seq: ++this.#last, arrivedAt: now };
    this.#batches.push(logged);
    this.#known.add(logged.id);
    this.#bytes += sizeOf(logged);
    return logged;
  }

  /**
   * Removes expired batches, at intervals, and the oldest ones beyond the size limit. Returns the sequence numbers of the
   * removed batches; `onFold` gets the batches that replace others.
   */
  removeExpired(now: number, most = MAX_BYTES, onFold: (batch: LoggedBatch) => void = () => {}): number[] {
    const removed: number[] = [];
    if (this.#bytes <= most && Math.abs(now - this.#swept) < SWEEP) return removed;
    this.#swept = now;
    const room = this.#bytes > most ? (most / 8) * 7 : most;
    if (this.#bytes > most) this.#fold(now, room, removed).forEach(onFold);
    this.#batches = this.#batches.filter((batch) => {
      const crowded = this.#bytes > room && !isKept(batch.data);
      if (!crowded && batch.expiresAt > now) return true;
      if (batch.expiresAt > now) this.#floor = Math.max(this.#floor, batch.arrivedAt);
      this.#bytes -= sizeOf(batch);
      this.#known.delete(batch.id);
      removed.push(batch.seq);
      return false;
    });
    return removed;
  }

  /** Folds the batches that must not be dropped into new ones at the end. */
  #fold(now: number, room: number, removed: number[]): LoggedBatch[] {
    const kept = this.#batches.filter(({ data }) => isKept(data));
    if (kept.length === 0) return [];
    const records = kept.flatMap(({ data, expiresAt }) => (recordsOf(data) ?? []).map((record) => lasting(record, expiresAt)));
    const alive = concat(records.filter((record) => expiryOf(record) > now));
    const size = kept.reduce((sum, batch) => sum + sizeOf(batch), 0);
    let data = foldRecords(alive, false);
    if (data.length > Math.max(0, room - (this.#bytes - size))) data = foldRecords(data, true);
    this.#batches = this.#batches.filter((batch) => !isKept(batch.data));
    this.#bytes -= size;
    for (const { id, seq } of kept) {
      this.#known.delete(id);
      removed.push(seq);
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
    for (let at = this.#first(after); at < this.#batches.length; at += 1) {
      const batch = this.#batches[at]!;
      if (bytes > 0 && bytes + batch.data.length > MAX_PAGE) {
        more = true;
        last = batch.seq - 1;
        break;
      }
      if (batch.expiresAt <= now) continue;
      parts.push(batch.data);
      bytes += batch.data.length;
    }
    return { marks: concat(parts), cursor: `${this.epoch}.${last}`, more, floor: this.#floor || undefined };
  }

  /**
   * Returns the batches of the last seconds. Readers with different cursors can share the response: it serves every cursor
   * from `from` on.
   */
  tail(now: number): { from: string; marks: Uint8Array; cursor: string; floor: number | undefined } {
    const { batches, ...tail } = this.#tail(now);
    return { ...tail, marks: concat(batches.map(({ data }) => data)) };
  }

  /** Returns the same with each batch in a frame, so that a reader can skip those that it has: see `framesAfter`. */
  framedTail(now: number): { from: string; frames: Uint8Array; cursor: string; floor: number | undefined } {
    const { batches, ...tail } = this.#tail(now);
    return { ...tail, frames: concat(batches.flatMap(({ seq, data }) => [frameHead(seq, data.length), data])) };
  }

  #tail(now: number) {
    let at = this.#batches.length;
    let bytes = 0;
    while (at > 0 && bytes < TAIL_BYTES && now - this.#batches[at - 1]!.arrivedAt < TAIL) bytes += this.#batches[--at]!.data.length;
    const from = this.#batches[at] ? this.#batches[at]!.seq - 1 : this.#last;
    return {
      from: `${this.epoch}.${from}`,
      batches: this.#batches.slice(at),
      cursor: `${this.epoch}.${this.#last}`,
      floor: this.#floor || undefined,
    };
  }

  /** Returns the index of the first batch after a sequence number. A binary search, because most polls find no new batch. */
  #first(after: number): number {
    let low = 0;
    let high = this.#batches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#batches[middle]!.seq > after) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Returns whether a tail that begins at `from` serves this cursor. */
export function serves(from: string, cursor: string): boolean {
  const [epoch, first] = from.split(".");
  const [cursorEpoch, seq] = cursor.split(".");
  return epoch === cursorEpoch && Number(first) <= Number(seq);
}

/** Size of the head of a frame: the sequence number in 6 bytes, the length in 4. */
const FRAME = 10;

function frameHead(seq: number, length: number): Uint8Array {
  const head = new DataView(new ArrayBuffer(FRAME));
  head.setUint16(0, Math.floor(seq / 2 ** 32));
  head.setUint32(2, seq >>> 0);
  head.setUint32(6, length);
  return new Uint8Array(head.buffer);
}

/** Returns the batches of a framed tail after the cursor, concatenated. */
export function framesAfter(frames: Uint8Array, cursor: string): Uint8Array {
  const view = new DataView(frames.buffer, frames.byteOffset, frames.byteLength);
  const after = Number(cursor.split(".")[1]);
  const parts: Uint8Array[] = [];
  for (let at = 0; at + FRAME <= frames.length;) {
    const seq = view.getUint16(at) * 2 ** 32 + view.getUint32(at + 2);
    const from = at + FRAME;
    at = from + view.getUint32(at + 6);
    if (!(seq <= after)) parts.push(frames.subarray(from, at));
  }
  return concat(parts);
}

function sizeOf({ data }: LoggedBatch): number {
  return data.length + OVERHEAD;
}
