// Helpers of the suite without Node APIs, so that it runs in every runtime.

export const secret = "a secret for tests long enough for any rule";
export const now = Date.UTC(2026, 4, 1, 12);
export const day = 86_400_000;

export const session = {
  id: "session-1",
  token: "token-of-32-characters-in-length",
  userId: "user-1",
  expiresAt: new Date(now + 7 * day),
  createdAt: new Date(now),
  updatedAt: new Date(now),
  ipAddress: "",
  userAgent: 'Mozilla/5.0 "quoted" 😀 \u2028 \ud800',
  activeOrganizationId: null,
};

export const user = {
  id: "user-1",
  name: "Ada",
  email: "ada@example.com",
  emailVerified: true,
  createdAt: new Date(now - day),
  updatedAt: new Date(now - day),
  image: null,
  roles: ["admin", { since: "2024-01-01T00:00:00.000Z", n: 1.5e3 }],
};

/** `value.signature`, percent-encoded, as the server signs a session token. */
export async function signedToken(value = session.token, key = secret) {
  const encoder = new TextEncoder();
  const hmac = await crypto.subtle.importKey("raw", encoder.encode(key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const signature = new Uint8Array(await crypto.subtle.sign("HMAC", hmac, encoder.encode(value)));
  return encodeURIComponent(`${value}.${btoa(String.fromCharCode(...signature))}`);
}

export const cookie = (token, data, prefix = "") =>
  `${prefix}better-auth.session_token=${token}; ${prefix}better-auth.session_data=${data}`;

/** Returns the options of a verifier with one strategy. */
export const options = (cookieCache = {}, more = {}) => ({ secret, session: { cookieCache: { enabled: true, ...cookieCache } }, ...more });

export function equal(actual, expected, what = "") {
  const [a, b] = [actual, expected].map(canonical);
  if (a !== b) throw new Error(`${what} expected ${b}, got ${a}`.trim());
}

/** Text that tells dates from strings, and undefined members from absent ones not. */
function canonical(value) {
  return JSON.stringify(value, function (key, text) {
    const raw = this[key];
    if (raw instanceof Date) return `Date(${raw.getTime()})`;
    if (raw && typeof raw === "object" && !Array.isArray(raw))
      return Object.fromEntries(Object.entries(raw).sort(([a], [b]) => (a < b ? -1 : 1)));
    return text;
  });
}

export function throws(run, code) {
  try {
    run();
  } catch (error) {
    return equal([error.name, error.code], ["BetterSessionError", code]);
  }
  throw new Error(`nothing was thrown, expected ${code}`);
}

/** Runs a function and fails if it calls a method of the console. */
export function silently(run) {
  const said = [];
  // Vitest's console inherits its methods.
  const names = new Set([...Object.keys(console), "debug", "error", "info", "log", "trace", "warn"]);
  const before = [...names].map((name) => [name, Object.getOwnPropertyDescriptor(console, name)]);
  for (const name of names) {
    const value = (...words) => void said.push([name, ...words].map(String));
    if (typeof console[name] === "function") Object.defineProperty(console, name, { value, configurable: true, writable: true });
  }
  try {
    console.error("a test of the test");
    run();
  } finally {
    for (const [name, own] of before) {
      if (own) Object.defineProperty(console, name, own);
      else delete console[name];
    }
  }
  equal(said, [["error", "a test of the test"]], "what was logged:");
}

/** Runs all cases in order. Resolves to `{ name, error? }` for each. */
export async function runAll(cases) {
  const results = [];
  for (const [name, run] of cases) {
    try {
      await run();
      results.push({ name });
    } catch (error) {
      results.push({ name, error: String(error?.stack ?? error).slice(0, 1000) });
    }
  }
  return results;
}
