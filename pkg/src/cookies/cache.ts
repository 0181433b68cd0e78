/** `getCookieCache`, which returns the cached session of a request. */
import { BetterSessionError } from "../error.js";
import { copyOf } from "../verifier/copy.js";
import { bounded } from "../verifier/input.js";
import { DEFAULT_LIMITS, keyOfValue, Memory } from "../verifier/memory.js";
import { coreWasm, type CoreModule } from "../runtime/core.js";
import { CoreVerifier } from "../runtime/core-verifier.js";
import { Handle } from "../runtime/handle.js";
import type { Strategy } from "../types.js";
import { environment } from "./environment.js";
import type { KeySetOptions } from "./jwks.js";
import { parseCookies, SECURE_COOKIE_PREFIX } from "./names.js";
import { parseDated, parsePayload, toPayload, type CookieCachePayload } from "./payload.js";
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
 * Rejects only for an invalid option (SECRET_MISSING, SECRET_DEFAULT, OPTION_INVALID; a TypeError for a `version` that is neither text nor
 * a function), without WebAssembly (WASM_UNAVAILABLE), and with what a `version` function throws.
 */
export async function getCookieCache<S extends CookieCachePayload = CookieCachePayload>(
  request: Request | Headers,
  config: CookieCacheOptions = {},
): Promise<S | null> {
  const header = readCookieHeader(request);
  if (!header) return null;
  const { strategy, jwt } = config;
  let payload = strategy === "jwt" && jwt?.jwks ? undefined : remembered(header, config);
  if (!payload) {
    const value = cacheValue(header, config);
    payload = value ? await open(value, config) : null;
  }
  if (!payload) return null;
  const { version } = config;
  if (version) {
    const expected = typeof version === "string" ? version : await version(payload.session, payload.user);
    if ((payload.version || "1") !== expected) return null;
  }
  return payload as S;
}

function cacheName({ cookiePrefix = "better-auth", cookieName = "session_data", isSecure }: CookieCacheOptions): string {
  const secure = isSecure ?? environment().NODE_ENV === "production";
  return `${secure ? SECURE_COOKIE_PREFIX : ""}${cookiePrefix}.${cookieName}`;
}

/**
 * Returns the payload of a cache that was opened before, without parsing the header, or undefined. A value that equals a remembered
 * one has no quotes, blanks or escapes; a name that occurs more than once is left to the parser.
 */
function remembered(header: string, config: CookieCacheOptions): CookieCachePayload | null | undefined {
  const opener = openers[strategyOf(config)].get(config.secret || environment().BETTER_AUTH_SECRET || "");
  if (!opener) return undefined;
  const name = `${cacheName(config)}=`;
  const at = header.indexOf(name);
  if (at < 0 || (at > 0 && !header.startsWith("; ", at - 2)) || header.indexOf(name, at + 1) >= 0) return undefined;
  const end = header.indexOf(";", at);
  const value = header.slice(at + name.length, end < 0 ? undefined : end);
  return opener.seen.get(keyOfValue(value), value, Date.now())?.again();
}

/** Returns the value of the cookie, or of its chunks in numeric order. */
function cacheValue(header: string, config: CookieCacheOptions) {
  const name = cacheName(config);
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

async function open(value: string, config: CookieCacheOptions): Promise<CookieCachePayload | null> {
  const { strategy, jwt, secret } = config;
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
  const { handle, seen } = openerFor(key, strategyOf(config));
  const cache = bounded(value);
  const now = Date.now();
  const id = keyOfValue(cache);
  const known = seen.get(id, cache, now);
  if (known) return known.again();
  const opened = handle.call((core) => core.payload(cache, now), undefined);
  if (!opened) return null;
  seen.set(id, cache, new SeenCache(opened.text), opened.text.length, opened.from, opened.until);
  return parsePayload(opened.text);
}

/** A cache that was opened before: the text of its payload, or once it was seen again the parsed one. */
class SeenCache {
  #text: string;
  #value: unknown;

  constructor(text: string) {
    this.#text = text;
  }

  /** Returns a payload of its own, which the caller may change. */
  again(): CookieCachePayload | null {
    if (this.#value === undefined) {
      this.#value = parseDated(this.#text);
      this.#text = "";
    }
    return toPayload(copyOf(this.#value));
  }
}

interface Opener {
  handle: Handle<CoreModule, CoreVerifier>;
  seen: Memory<SeenCache>;
}

/** Openers by strategy and secret: keys are derived once for each, and an application has one or two. */
const openers: Record<Strategy, Map<string, Opener>> = { compact: new Map(), jwt: new Map(), jwe: new Map() };
const MAX_OPENERS = 16;

const strategyOf = ({ strategy }: CookieCacheOptions): Strategy => (strategy === "jwt" || strategy === "jwe" ? strategy : "compact");

function openerFor(secret: string, strategy: Strategy): Opener {
  let opener = openers[strategy].get(secret);
  if (!opener) {
    const config = JSON.stringify({ secret, session: { cookieCache: { enabled: true, strategy, version: { versionFunction: true } } } });
    const handle = new Handle(coreWasm, (core, memory) => new CoreVerifier(core, memory, config));
    opener = { handle, seen: new Memory(DEFAULT_LIMITS) };
    if (openers[strategy].size >= MAX_OPENERS) openers[strategy].clear();
    openers[strategy].set(secret, opener);
  }
  return opener;
}
