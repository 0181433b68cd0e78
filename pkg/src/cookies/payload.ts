/** A cache's payload as `getCookieCache` returns it: dates revived at any depth, members checked by the server's schema. */
import type { Session, User } from "../types.js";

export type CookieCachePayload = {
  session: Session & Record<string, unknown>;
  user: User & Record<string, unknown>;
  /** When the server wrote the cache, in milliseconds. */
  updatedAt: number;
  version?: string | undefined;
};

type Loose = Record<string, unknown>;

const isoDate = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

/** The payload of authenticated JSON text; null when it is not what a Better Auth server writes. */
export function parsePayload(text: string): CookieCachePayload | null {
  let value: unknown;
  try {
    value = JSON.parse(text, reviveDate);
  } catch {
    return null;
  }
  if (!isRecord(value) || !isRecord(value.session) || !isRecord(value.user)) return null;
  const session = checkSession(value.session);
  const user = checkUser(value.user);
  if (!session || !user || !Number.isFinite(value.updatedAt) || !isOptional(value.version, "string")) return null;
  return { ...value, session, user } as CookieCachePayload;
}

/** `userId` is made a string, as the server does for numeric ids. */
function checkSession(session: Loose): Loose | null {
  const sound =
    typeof session.id === "string" &&
    typeof session.token === "string" &&
    session.userId !== undefined &&
    session.expiresAt instanceof Date &&
    isNullish(session.ipAddress) &&
    isNullish(session.userAgent);
  return sound ? withTimes({ ...session, userId: String(session.userId) }) : null;
}

/** `email` is in lower case, as the server keeps it. */
function checkUser(user: Loose): Loose | null {
  const sound =
    typeof user.id === "string" &&
    typeof user.name === "string" &&
    typeof user.email === "string" &&
    isOptional(user.emailVerified, "boolean") &&
    isNullish(user.image);
  if (!sound) return null;
  return withTimes({ ...user, email: (user.email as string).toLowerCase(), emailVerified: user.emailVerified ?? false });
}

/** Absent times read as now, as the server's schema has it. */
function withTimes(record: Loose): Loose | null {
  const { createdAt = new Date(), updatedAt = new Date() } = record;
  return createdAt instanceof Date && updatedAt instanceof Date ? { ...record, createdAt, updatedAt } : null;
}

function reviveDate(_: string, value: unknown): unknown {
  if (typeof value !== "string" || !isoDate.test(value)) return value;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? value : date;
}

const isRecord = (value: unknown): value is Loose => typeof value === "object" && value !== null && !Array.isArray(value);
const isOptional = (value: unknown, type: string) => value === undefined || typeof value === type;
const isNullish = (value: unknown) => value === null || isOptional(value, "string");
