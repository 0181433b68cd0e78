/** Splits batches into records and folds them, without the core. The format is that of `src/gate/marks/codec.rs`. */
import { join } from "./bytes.js";

const VERSION = 0x10;
const ONLY = 2;
const KEPT = 4;

/** Bytes of a record, and of the token that may follow it. */
const RECORD = 27;
const TOKEN = 16;

/** Seconds; the core refuses more. */
const MAX_LIFETIME = 400 * 86_400;

/** The same as the core's `SESSIONS_PER_USER`. */
const SESSIONS_PER_USER = 16;

/** The records of a batch, or undefined if it is not a batch. */
export function recordsOf(batch: Uint8Array): Uint8Array[] | undefined {
  const records: Uint8Array[] = [];
  for (let at = 0; at < batch.length; ) {
    const length = lengthOf(batch[at]!);
    if (length === 0 || at + length > batch.length) return undefined;
    records.push(batch.subarray(at, (at += length)));
  }
  return records;
}

/** Cuts a batch between records into parts of at most `most` bytes. What is not a batch stays whole, for the core to refuse. */
export function partsOf(batch: Uint8Array, most: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let from = 0;
  for (let at = 0; at < batch.length; ) {
    const length = lengthOf(batch[at]!);
    if (length === 0) return [batch];
    if (at + length - from > most && at > from) parts.push(batch.subarray(from, (from = at)));
    at += length;
  }
  parts.push(batch.subarray(from));
  return parts;
}

/** Whether a feed must keep this batch until it expires: its records are those of a server without a database. */
export function isKept(batch: Uint8Array): boolean {
  return batch.length > 0 && lengthOf(batch[0]!) > 0 && (batch[0]! & KEPT) !== 0;
}

/**
 * The same revocations in fewer records: of a user with more than `SESSIONS_PER_USER` single sessions, or of every user
 * if `all`, one record on the user takes their place. A user's newest time and latest expiry are kept, so nothing that
 * was revoked becomes valid again, and nobody but that user is concerned.
 */
export function foldRecords(batch: Uint8Array, all: boolean): Uint8Array {
  const sessions = new Map<string, Map<string, Uint8Array>>();
  const users = new Map<string, Uint8Array>();
  for (const record of recordsOf(batch) ?? []) {
    const subject = keyOf(record.subarray(1, 17));
    const token = keyOf(record.subarray(RECORD));
    if (record[0]! & ONLY) {
      const tokens = sessions.get(subject) ?? new Map<string, Uint8Array>();
      sessions.set(subject, tokens.set(token, newer(record, tokens.get(token))));
    } else {
      users.set(subject + token, newer(record, users.get(subject + token)));
    }
  }
  for (const [user, tokens] of sessions) {
    if (!all && tokens.size <= SESSIONS_PER_USER) continue;
    let folded = users.get(user);
    for (const record of tokens.values()) folded = newer(record.subarray(0, RECORD), folded);
    folded = folded!.slice();
    folded[0] = VERSION | KEPT;
    users.set(user, folded);
    sessions.delete(user);
  }
  return join([...users.values(), ...[...sessions.values()].flatMap((tokens) => [...tokens.values()])]);
}

/** One record with the later time and the later expiry of both. */
function newer(one: Uint8Array, other: Uint8Array | undefined): Uint8Array {
  if (!other) return one;
  const [late, early] = timeOf(one) >= timeOf(other) ? [one, other] : [other, one];
  return lasting(late, expiryOf(early));
}

/** 0 if it is not the head of a record. */
function lengthOf(head: number): number {
  const bits = head ^ VERSION;
  if (bits > 7 || (bits & 3) === 3) return 0;
  return bits & 3 ? RECORD + TOKEN : RECORD;
}

function viewOf(record: Uint8Array): DataView {
  return new DataView(record.buffer, record.byteOffset, record.byteLength);
}

function timeOf(record: Uint8Array): number {
  const view = viewOf(record);
  return view.getUint16(17) * 2 ** 32 + view.getUint32(19);
}

function lifetimeOf(record: Uint8Array): number {
  return viewOf(record).getUint32(23);
}

/** The record, living at least until `expiresAt`, in milliseconds since the epoch. */
export function lasting(record: Uint8Array, expiresAt: number): Uint8Array {
  const lifetime = Math.min(MAX_LIFETIME, Math.ceil((expiresAt - timeOf(record)) / 1000));
  if (lifetime <= lifetimeOf(record)) return record;
  const longer = record.slice();
  viewOf(longer).setUint32(23, lifetime);
  return longer;
}

/** Milliseconds since the epoch. */
export function expiryOf(record: Uint8Array): number {
  return timeOf(record) + lifetimeOf(record) * 1000;
}

function keyOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
