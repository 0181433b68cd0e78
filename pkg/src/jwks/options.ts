/** The options of a key set, checked when a verifier or a gate is created. */
import { BetterSessionError } from "../error.js";
import type { VerifierOptions } from "../types.js";
import type { RequiredClaims } from "./token.js";

export interface KeySetOptions extends RequiredClaims {
  /** The URL of the key set, or the set. */
  jwks: URL | { keys: JsonWebKey[] };
  /** Seconds for which an outdated set is used while a newer one cannot be fetched. */
  staleIfError: number;
}

/** The same as in `token.ts`, which is loaded on demand. */
const AUDIENCE = "better-auth:session-cache";

/** The least time for which an outdated set is used if none can be fetched, in seconds. */
const LEAST_STALE = 3600;

/** The site of an origin that is a binding and has no URL. */
export const NO_SITE = "http://localhost";

/**
 * Returns the checked options, or null without `jwks`. `origin` is the gate's, or NO_SITE; a relative URL is resolved against it
 * unless there is a `baseURL`. Throws OPTION_INVALID, or ISSUER_MISSING if no option names the origin of the server.
 */
export function keySetOptions(options: VerifierOptions, origin = ""): KeySetOptions | null {
  const { jwks, issuer, audience = AUDIENCE, session } = options;
  if (jwks === undefined || jwks === null) return null;
  const base = typeof options.baseURL === "string" ? options.baseURL : "";
  const url = typeof jwks === "string" ? parse(jwks, base || origin || undefined) : undefined;
  if (typeof jwks === "string" ? !url : !Array.isArray((jwks as { keys?: unknown }).keys)) {
    invalid("jwks must be the http(s) URL of the server's key set, or { keys: [...] }");
  }
  const site = parse(base) ?? (typeof jwks === "string" ? parse(jwks) : undefined) ?? parse(origin === NO_SITE ? "" : origin);
  const issuers = issuer === undefined ? (site ? [site.origin] : []) : [issuer].flat();
  if (issuers.length === 0) {
    throw new BetterSessionError("ISSUER_MISSING", "jwks needs the origin of the server's baseURL: give baseURL, or issuer");
  }
  if (!issuers.every(isText)) invalid("issuer must be the origin of the server's baseURL, or a list of origins");
  if (!isText(audience)) invalid("audience must be a string");
  const staleIfError = Math.max(session?.cookieCache?.maxAge ?? 300, LEAST_STALE);
  return { jwks: url ?? (jwks as { keys: JsonWebKey[] }), issuers, audience, staleIfError };
}

function parse(url: string, base?: string): URL | undefined {
  try {
    const parsed = new URL(url, base);
    return /^https?:$/.test(parsed.protocol) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function invalid(message: string): never {
  throw new BetterSessionError("OPTION_INVALID", message);
}

const isText = (value: unknown) => typeof value === "string" && value !== "";
