/** `getCookieCache`, which returns the cached session of a request. */
import { BetterSessionError } from "../error.js";
import { bounded } from "../verifier/input.js";
import { DEFAULT_LIMITS, keyOfValue, Memory } from "../verifier/memory.js";
import { coreWasm, type CoreModule } from "../runtime/core.js";
import { CoreVerifier } from "../runtime/core-verifier.js";
import { Handle } from "../runtime/handle.js";
import type { Strategy } from "../types.js";
import { environment } from "./environment.js";
import type { KeySetOptions } from "./jwks.js";
import { parseCookies, SECURE_COOKIE_PREFIX } from "./names.js";
import { parsePayload, type CookieCachePayload } from "./payload.js";
import { readCookieHeader } from "./request.js";

type Version = string | ((session: CookieCachePayload["session"], user: CookieCachePayload["user"]) => string | Promise<string>);

export interface CookieCacheOptions {
  /** Default "better-auth". */
  cookiePrefix?: string;
  /** Default "session_data". */
  cookieName?: string;
  /** True if the name begins with `__Secure-`. Default: true if NODE_ENV is "production". */
  isSecure?: boolean;
  /** Default: the environment variable BETTER_AUTH_SECRET. */
  secret?: string;
  /** Default "compact". */
  strategy?: Strategy;
  /** Options for caches signed with the keys of the JWT plugin. */
  jwt?: KeySetOptions;
  /** The required version of the cache. Default: any. */
  version?: Version;
}

/**
 * Returns the cached session of a request if it verifies and has not expired, otherwise null.
 *
 * It reads only `session_data`, as Better Auth's function does; `verifier.verify` also binds it to the session token.
 * Throws only if there is no secret, or if a `version` function throws.
 */
export async function getCookieCache<S extends CookieCachePayload = CookieCachePayload>(
  request: Request | Headers,
  config: CookieCacheOptions = {},
): Promise<S | null> {
  const header = readCookieHeader(request);
  const value = header && cacheValue(header, config);
  if (!value) return null;
  const payload = await open(value, config);
  if (!payload) return null;
  const { version } = config;
  if (version) {
    const expected = typeof version === "string" ? version : await version(payload.session, payload.user);
    if ((payload.version || "1") !== expected) return null;
  }
  return payload as S;
}

/** Returns the value of the cookie, or of its chunks in numeric order. */
function cacheValue(header: string, { cookiePrefix = "better-auth", cookieName = "session_data", isSecure }: CookieCacheOptions) {
  const secure = isSecure ?? environment().NODE_ENV === "production";
  const name = `${secure ? SECURE_COOKIE_PREFIX : ""}${cookiePrefix}.${cookieName}`;
  const cookies = parseCookies(header);
  const whole = cookies.get(name);
  if (whole) return whole;
  return [...cookies]
    .filter(([chunk]) => chunk.startsWith(`${name}.`))
    .map(([chunk, text]) => ({ index: Number.parseInt(chunk.slice(chunk.lastIndexOf(".") + 1), 10), text }))
    .filter(({ index }) => !Number.isNaN(index))
    .sort((a, b) => a.index - b.index)
    .map(({ text }) => text)
    .join("");
}

async function open(value: string, { strategy, jwt, secret }: CookieCacheOptions): Promise<CookieCachePayload | null> {
  if (strategy === "jwt" && jwt?.jwks) {
    const { verifyWithKeySet } = await import("./jwks.js");
    const text = await verifyWithKeySet(bounded(value), jwt.jwks, jwt);
    const payload = text === null ? null : parsePayload(text);
    return payload && payload.session.expiresAt.getTime() >= Date.now() ? payload : null;
  }
  const key = secret || environment().BETTER_AUTH_SECRET;
  if (!key) {
    throw new BetterSessionError(
      "SECRET_MISSING",
      "getCookieCache requires a secret: pass `secret`, or set the environment variable BETTER_AUTH_SECRET.",
    );
  }
  const { handle, seen } = openerFor(key, strategy === "jwt" || strategy === "jwe" ? strategy : "compact");
  const cache = bounded(value);
  const now = Date.now();
  const id = keyOfValue(cache);
  const known = seen.get(id, cache, now);
  if (known !== undefined) return parsePayload(known);
  const opened = handle.call((core) => core.payload(cache, now), undefined);
  if (!opened) return null;
  seen.set(id, cache, opened.text, opened.text.length, opened.from, opened.until);
  return parsePayload(opened.text);
}

interface Opener {
  handle: Handle<CoreModule, CoreVerifier>;
  /** The payloads of caches that were opened before. */
  seen: Memory<string>;
}

/** Openers by secret: keys are derived once for each, and an application has one or two. */
const openers = new Map<string, Opener>();
const MAX_OPENERS = 16;

function openerFor(secret: string, strategy: Strategy): Opener {
  const id = `${strategy} ${secret}`;
  let opener = openers.get(id);
  if (!opener) {
    const config = JSON.stringify({ secret, session: { cookieCache: { enabled: true, strategy, version: { versionFunction: true } } } });
    const handle = new Handle(coreWasm, (core, memory) => new CoreVerifier(core, memory, config));
    opener = { handle, seen: new Memory(DEFAULT_LIMITS) };
    if (openers.size >= MAX_OPENERS) openers.clear();
    openers.set(id, opener);
  }
  return opener;
}
