/** Dates of `session` and `user`: the server stored text, callers get `Date`s. */

interface StoredDates {
  expiresAt?: unknown;
  createdAt?: unknown;
  updatedAt?: unknown;
}

/** In place: the record came out of text of ours. The numbers are what the core read of its dates, NaN or nothing where it did not. */
export function reviveRecord(record: StoredDates, expiresAt: Known, createdAt: Known, updatedAt: Known): void {
  if (typeof record.expiresAt === "string") record.expiresAt = date(expiresAt, record.expiresAt);
  if (typeof record.createdAt === "string") record.createdAt = date(createdAt, record.createdAt);
  if (typeof record.updatedAt === "string") record.updatedAt = date(updatedAt, record.updatedAt);
}

type Known = number | null | undefined;

const date = (known: Known, text: string) => new Date(Number.isFinite(known) ? known! : text);
