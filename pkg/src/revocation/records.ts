/** Splits batches into entries and folds them, without WebAssembly. The format is that of `src/revocation/entry.rs`. */
import { concat } from "./bytes.js";

const VERSION = 0x10;
/** Flags of a record: it revokes one session only; a feed must keep it until it expires. */
const ONLY = 2;
const KEPT = 4;

/** Size of a record, and of the token that may follow it, in bytes. */
const RECORD = 27;
const TOKEN = 16;

/** Maximum lifetime in seconds; gate.wasm rejects more. */
const MAX_LIFETIME = 400 * 86_400;

/** The same as `SESSIONS_PER_USER` in the crate. */
const SESSIONS_PER_USER = 16;

/** Returns the records of a batch, or undefined if it is malformed. */
export function recordsOf(batch: Uint8Array): Uint8Array[] | undefined {
  const records: Uint8Array[] = [];
  for (let at = 0; at < batch.length;) {
    const length = lengthOf(batch[at]!);
    if (length === 0 || at + length > batch.length) return undefined;
    records.push(batch.subarray(at, (at += length)));
  }
  return records;
}

/** Splits a batch between records into parts of at most `most` bytes. A malformed batch stays whole; gate.wasm rejects it. */
export function partsOf(batch: Uint8Array, most: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let from = 0;
  for (let at = 0; at < batch.length;) {
    const length = lengthOf(batch[at]!);
    if (length === 0) return [batch];
    if (at + length - from > most && at > from) parts.push(batch.subarray(from, (from = at)));
    at += length;
  }
  parts.push(batch.subarray(from));
  return parts;
}

/** Returns whether a feed must keep this batch until it expires, because it comes from a server without a database. */
export function isKept(batch: Uint8Array): boolean {
  return batch.length > 0 && lengthOf(batch[0]!) > 0 && (batch[0]! & KEPT) !== 0;
}

/**
 * Reduces the number of records: the single sessions of a user who has more than `SESSIONS_PER_USER`, or of every user if
 * `all`, are replaced by one record on the user. It has the newest time and the latest expiry, so no revoked session becomes
 * valid again, and no other user is affected.
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
  return concat([...users.values(), ...[...sessions.values()].flatMap((tokens) => [...tokens.values()])]);
}

/** Returns one record with the later time and the later expiry of both. */
function newer(one: Uint8Array, other: Uint8Array | undefined): Uint8Array {
  if (!other) return one;
  const [late, early] = timeOf(one) >= timeOf(other) ? [one, other] : [other, one];
  return lasting(late, expiryOf(early));
}

/** Returns the length of the record that begins with this byte, or 0 if none does. */
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

/** Returns the record with a lifetime at least until `expiresAt`, in milliseconds since the epoch. */
export function lasting(record: Uint8Array, expiresAt: number): Uint8Array {
  const lifetime = Math.min(MAX_LIFETIME, Math.ceil((expiresAt - timeOf(record)) / 1000));
  if (lifetime <= lifetimeOf(record)) return record;
  const longer = record.slice();
  viewOf(longer).setUint32(23, lifetime);
  return longer;
}

/** Returns the expiry in milliseconds since the epoch. */
export function expiryOf(record: Uint8Array): number {
  return timeOf(record) + lifetimeOf(record) * 1000;
}

function keyOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
