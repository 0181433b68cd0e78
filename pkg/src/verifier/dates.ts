/** Dates of `session` and `user`: strings as the server stored them, `Date`s for callers. */

interface StoredDates {
  expiresAt?: unknown;
  createdAt?: unknown;
  updatedAt?: unknown;
}

/** Replaces the dates of a parsed record by `Date`s, in place. The numbers are the dates as core.wasm parsed them; NaN, null or absent if it did not. */
export function reviveRecord(record: StoredDates, expiresAt?: Parsed, createdAt?: Parsed, updatedAt?: Parsed): void {
  if (isStored(record.expiresAt)) record.expiresAt = date(expiresAt, record.expiresAt);
  if (isStored(record.createdAt)) record.createdAt = date(createdAt, record.createdAt);
  if (isStored(record.updatedAt)) record.updatedAt = date(updatedAt, record.updatedAt);
}

type Parsed = number | null | undefined;

/** Some databases store milliseconds. */
const isStored = (value: unknown): value is string | number => typeof value === "string" || typeof value === "number";

const date = (parsed: Parsed, stored: string | number) => new Date(Number.isFinite(parsed) ? parsed! : stored);
