/** The verifier: hands a cookie to the core and makes JavaScript values of its answer. */
import { coreConfig } from "./config.js";
import { BetterSessionError } from "./error.js";
import { cookieHeader, bounded, millis } from "./input.js";
import type { CacheVersion, MintOptions, Opened, SessionVerifier, StaleReason, Strategy, Verdict, VerifierOptions } from "./types.js";
import { coreWasm } from "./wasm/core.js";
import { Handle } from "./wasm/handle.js";

/** After a trap nothing is known of the token, so nobody is let in. */
const TRAPPED = '{"status":"unauthenticated","reason":"token_malformed"}';
const UNOPENED = '{"ok":false,"reason":"cache_malformed"}';

/**
 * Derives the keys, once: make one verifier and keep it. Throws a BetterSessionError when the options cannot work (its
 * code is one of VerifierOptions'), or where WebAssembly cannot run (WASM_UNAVAILABLE; WASM_MISSING in `better-session/slim`).
 */
export function createVerifier<S = {}, U = {}>(options: VerifierOptions): SessionVerifier<S, U> {
  const config = coreConfig(options);
  const handle = new Handle(coreWasm, (core) => new core.Verifier(config));
  const configuredVersion = options.session?.cookieCache?.version;
  const matches = versionCheck(configuredVersion);

  return {
    verify(source, at) {
      const header = cookieHeader(source);
      const now = millis(at);
      const verdict = JSON.parse(handle.call((core) => core.verify(header, now), TRAPPED)) as Verdict<S, U>;
      if (verdict.status !== "authenticated") return verdict;
      reviveDates(verdict);
      if (matches(verdict)) return verdict;
      return { status: "stale", reason: "version_mismatch", token: verdict.session.token };
    },

    open(value, at) {
      const text = bounded(value);
      const now = millis(at);
      const opened = JSON.parse(handle.call((core) => core.open(text, now), UNOPENED)) as Opened<S, U>;
      if (!opened.ok) return opened;
      reviveDates(opened);
      return matches(opened) ? opened : { ok: false, reason: "version_mismatch" satisfies StaleReason };
    },

    mint({ session, user }, { at, strategy = "" as Strategy, maxAge = 0 }: MintOptions = {}) {
      const texts = [JSON.stringify(session), JSON.stringify(user)] as const;
      if (!texts.every((text) => text?.startsWith("{"))) {
        throw new BetterSessionError("MINT_INVALID", "A cache is minted from a session and a user: two objects.");
      }
      const version = typeof configuredVersion === "function" ? String(configuredVersion(session, user)) : "";
      const random = crypto.getRandomValues(new Uint8Array(32));
      const now = millis(at);
      const minted = handle.call((core) => core.mint(...texts, strategy, version, maxAge, now, random), "");
      if (!minted) throw new BetterSessionError("CORE_FAILED", "The WebAssembly core failed while it minted.");
      return minted;
    },
  };
}

type Cached = { session: object; user: object; version: string; cachedAt: Date; cacheExpiresAt: Date };

/** The core compares fixed versions itself; only a function has to run here. */
export function versionCheck(version: CacheVersion | undefined): (cached: Cached) => boolean {
  if (typeof version !== "function") return () => true;
  return ({ session, user, version: actual }) => {
    try {
      const expected: unknown = version(session, user);
      return (typeof expected === "string" || typeof expected === "number") && String(expected) === actual;
    } catch {
      return false;
    }
  };
}

/**
 * The text of an answer holds dates as the server stored them; callers get `Date`s. In place: the text was ours. What the
 * core has read of them already comes as `dates`, the last member, so that taking it away keeps the object's shape.
 */
export function reviveDates(cached: Cached & { dates?: (number | null)[] }): void {
  const { session, user, dates = [] } = cached;
  delete cached.dates;
  cached.cachedAt = new Date(cached.cachedAt);
  cached.cacheExpiresAt = new Date(cached.cacheExpiresAt);
  reviveRecord(session as StoredDates, dates[0], dates[1], dates[2]);
  reviveRecord(user as StoredDates, null, dates[3], dates[4]);
}

interface StoredDates {
  expiresAt?: unknown;
  createdAt?: unknown;
  updatedAt?: unknown;
}

type Known = number | null | undefined;

function reviveRecord(record: StoredDates, expiresAt: Known, createdAt: Known, updatedAt: Known): void {
  if (typeof record.expiresAt === "string") record.expiresAt = new Date(expiresAt ?? record.expiresAt);
  if (typeof record.createdAt === "string") record.createdAt = new Date(createdAt ?? record.createdAt);
  if (typeof record.updatedAt === "string") record.updatedAt = new Date(updatedAt ?? record.updatedAt);
}
