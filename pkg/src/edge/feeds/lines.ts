/** The live batches in the order in which they came, and cursors into them: what a feed keeps, wherever it keeps it. */
import { join } from "./bytes.js";
import type { FeedAnswer, MarkBatch } from "./types.js";

/** Bytes of one answer: 100,000 marks are 2.7 MB and fit. */
const PAGE = 4 * 1024 * 1024;

/** Bytes that are kept at most; beyond it the oldest eighth is dropped, and that is said by a floor. */
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
    const line: Line = { ...batch, data: batch.data.slice(), seq: ++this.#last, arrivedAt: now };
    this.#lines.push(line);
    this.#known.add(line.id);
    this.#bytes += sizeOf(line);
    return line;
  }

  /** Forgets what has expired, once in a while, and the oldest beyond the bound. Returns the seqs of what went. */
  forget(now: number, most = MOST): number[] {
    const gone: number[] = [];
    if (this.#bytes <= most && Math.abs(now - this.#swept) < SWEEP) return gone;
    this.#swept = now;
    const room = this.#bytes > most ? (most / 8) * 7 : most;
    this.#lines = this.#lines.filter((line) => {
      const crowded = this.#bytes > room;
      if (!crowded && line.expiresAt > now) return true;
      if (line.expiresAt > now) this.#floor = Math.max(this.#floor, line.arrivedAt);
      this.#bytes -= sizeOf(line);
      this.#known.delete(line.id);
      gone.push(line.seq);
      return false;
    });
    return gone;
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
    let at = this.#lines.length;
    let bytes = 0;
    while (at > 0 && bytes < TAIL_BYTES && now - this.#lines[at - 1]!.arrivedAt < TAIL) bytes += this.#lines[--at]!.data.length;
    const from = this.#lines[at] ? this.#lines[at]!.seq - 1 : this.#last;
    const marks = join(this.#lines.slice(at).map(({ data }) => data));
    return { from: `${this.epoch}.${from}`, marks, cursor: `${this.epoch}.${this.#last}`, floor: this.#floor || undefined };
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

function sizeOf({ data }: Line): number {
  return data.length + OVERHEAD;
}
