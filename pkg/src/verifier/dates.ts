/** Dates of `session` and `user`: strings as the server stored them, `Date`s for callers. */

interface StoredDates {
  expiresAt?: unknown;
  createdAt?: unknown;
  updatedAt?: unknown;
}

/** Replaces the dates of a parsed record by `Date`s, in place. The numbers are the dates as core.wasm parsed them; NaN, null or absent if it did not. */
export function reviveRecord(record: StoredDates, expiresAt?: Parsed, createdAt?: Parsed, updatedAt?: Parsed): void {
  if (typeof record.expiresAt === "string") record.expiresAt = date(expiresAt, record.expiresAt);
  if (typeof record.createdAt === "string") record.createdAt = date(createdAt, record.createdAt);
  if (typeof record.updatedAt === "string") record.updatedAt = date(updatedAt, record.updatedAt);
}

type Parsed = number | null | undefined;

const date = (parsed: Parsed, text: string) => new Date(Number.isFinite(parsed) ? parsed! : text);
