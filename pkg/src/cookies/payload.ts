/** The payload of a cache as `getCookieCache` returns it: with `Date`s at any depth, validated by the server's schema. */
import type { Session, User } from "../types.js";

export type CookieCachePayload = {
  session: Session & Record<string, unknown>;
  user: User & Record<string, unknown>;
  /** The time at which the server minted the cache, in milliseconds. */
  updatedAt: number;
  version?: string | undefined;
};

type Loose = Record<string, unknown>;

const isoDate = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

/** Parses verified JSON text. Returns null if a Better Auth server would not write it. */
export function parsePayload(text: string): CookieCachePayload | null {
  return toPayload(parseDated(text));
}

/** Parses JSON text, with `Date`s at any depth. Returns null if it is not JSON. */
export function parseDated(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) reviveDates(value);
    return value;
  } catch {
    return null;
  }
}

/** Returns the payload of a parsed value, which it takes over, or null if a Better Auth server would not write it. */
export function toPayload(value: unknown): CookieCachePayload | null {
  if (!isRecord(value) || !isRecord(value.session) || !isRecord(value.user)) return null;
  const session = checkSession(value.session);
  const user = checkUser(value.user);
  if (!session || !user || !Number.isFinite(value.updatedAt) || !isOptional(value.version, "string")) return null;
  return { ...value, session, user } as CookieCachePayload;
}

/** Validates a session. `userId` becomes a string, as on the server for numeric ids. */
function checkSession(session: Loose): Loose | null {
  const isValid =
    typeof session.id === "string" &&
    typeof session.token === "string" &&
    session.userId !== undefined &&
    session.expiresAt instanceof Date &&
    isNullish(session.ipAddress) &&
    isNullish(session.userAgent);
  return isValid ? withTimes({ ...session, userId: String(session.userId) }) : null;
}

/** Validates a user. `email` becomes lower case, as the server stores it. */
function checkUser(user: Loose): Loose | null {
  const isValid =
    typeof user.id === "string" &&
    typeof user.name === "string" &&
    typeof user.email === "string" &&
    isOptional(user.emailVerified, "boolean") &&
    isNullish(user.image);
  if (!isValid) return null;
  return withTimes({ ...user, email: (user.email as string).toLowerCase(), emailVerified: user.emailVerified ?? false });
}

/** Sets absent times to now, as the server's schema does. */
function withTimes(record: Loose): Loose | null {
  const { createdAt = new Date(), updatedAt = new Date() } = record;
  return createdAt instanceof Date && updatedAt instanceof Date ? { ...record, createdAt, updatedAt } : null;
}

/** Replaces dates by `Date`s at any depth, in place. A reviver of `JSON.parse` would take several times as long as parsing. */
function reviveDates(parent: object): void {
  const record = parent as Loose;
  for (const name of Object.keys(record)) {
    const value = record[name];
    if (typeof value === "string") {
      const date = value.endsWith("Z") && isoDate.test(value) ? new Date(value) : undefined;
      // Assigning `__proto__` would not set the member.
      if (!date || Number.isNaN(date.getTime())) continue;
      if (name === "__proto__") Object.defineProperty(record, name, { ...DATA, value: date });
      else record[name] = date;
    } else if (isObject(value)) reviveDates(value);
  }
}

const DATA = { configurable: true, enumerable: true, writable: true };
const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const isRecord = (value: unknown): value is Loose => typeof value === "object" && value !== null && !Array.isArray(value);
const isOptional = (value: unknown, type: string) => value === undefined || typeof value === type;
const isNullish = (value: unknown) => value === null || isOptional(value, "string");
