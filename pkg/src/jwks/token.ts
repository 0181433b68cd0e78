/** Session caches that a server signed with the keys of its JWT plugin: compact JWS (RFC 7515 §3.1), parsed and judged. */
import { decodeText } from "./base64url.js";
import { ALGORITHMS } from "./algorithms.js";
import type { Rejection } from "./rejection.js";

/** The header's `typ`, which distinguishes a session cache from other tokens signed with the same keys. */
const TYPE = "better-auth.session-cache+jwt";

/** The `aud` that the server writes. */
export const AUDIENCE = "better-auth:session-cache";

/** Maximum length of a header's segment, the same as in the core. Better Auth writes about 130 characters. */
const MAX_HEADER = 2048;

/** The members of a header that select the key. */
export interface TokenHeader {
  kid: string;
  alg: string;
}

/** A header that was parsed before, and its segment with the dot after it. */
export interface KnownHeader {
  segment: string;
  header: TokenHeader;
}

/** The header of a cache whose signature has not been verified yet. */
export interface ParsedToken {
  header: TokenHeader;
  isKnown: boolean;
}

/** The values that the claims must have. */
export interface RequiredClaims {
  /** The accepted `iss`; empty for any. */
  issuers: string[];
  audience: string;
}

export type Claims = Record<string, unknown>;

/** Parses a cache and checks its header, unless that is known. Nothing that this function rejects causes a request for keys. */
export function parseToken(value: string, known: readonly KnownHeader[] = []): ParsedToken | Rejection {
  const same = known.find(({ segment }) => value.startsWith(segment));
  const [first, second] = dotsOf(value, same?.segment.length);
  if (second <= first + 1 || second === value.length - 1 || first > MAX_HEADER) return "cache_malformed";
  const header = same?.header ?? parseHeader(value.slice(0, first));
  if (typeof header === "string") return header;
  return { header, isKnown: same !== undefined };
}

/** Returns the header of a cache that `parseToken` has parsed. */
export const knownHeader = (value: string, header: TokenHeader): KnownHeader => ({
  segment: value.slice(0, value.indexOf(".") + 1),
  header,
});

/** Parses the claims of a cache. Returns null if they are malformed. */
export function parseClaims(value: string): Claims | null {
  const [first, second] = dotsOf(value);
  return parseObject(decodeText(value.slice(first + 1, second)));
}

/**
 * Checks the claims of a cache whose signature is valid: issuer, audience, and that `sub` and `sid` are the user and session in
 * it. The core checks the rest, as in every other cache. Returns null if they are valid.
 */
export function rejectClaims(claims: Claims | null, { issuers, audience }: RequiredClaims): Rejection | null {
  if (!claims) return "cache_malformed";
  const { iss, aud, sub, sid, session, user } = claims;
  if (aud !== audience && !(Array.isArray(aud) && aud.includes(audience))) return "wrong_type";
  if (typeof iss !== "string" || iss === "" || (issuers.length > 0 && !issuers.includes(iss))) return "cache_malformed";
  const isBound = typeof sub === "string" && sub === member(user, "id") && typeof sid === "string" && sid === member(session, "token");
  return isBound ? null : "cache_malformed";
}

/** Returns the positions of the two dots between three segments; equal ones if there are not three. `start` is where the second begins. */
function dotsOf(value: string, start = value.indexOf(".") + 1): [number, number] {
  const first = start - 1;
  const second = value.indexOf(".", first + 1);
  return second === value.lastIndexOf(".") ? [first, second] : [0, 0];
}

function parseHeader(head: string): TokenHeader | Rejection {
  const header = parseObject(decodeText(head));
  if (!header) return "cache_malformed";
  const { typ, kid, alg, crit } = header;
  if (alg === "HS256" && typ === undefined && kid === undefined) return "strategy_mismatch";
  if (typ !== TYPE) return "wrong_type";
  if (typeof kid !== "string" || kid === "" || crit !== undefined) return "cache_malformed";
  return typeof alg === "string" && Object.hasOwn(ALGORITHMS, alg) ? { kid, alg } : "cache_malformed";
}

/** Parses the text of an object. Returns null for anything else. */
export function parseObject(text: string | null): Claims | null {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Claims) : null;
  } catch {
    return null;
  }
}

const member = (value: unknown, name: string) => (value as Claims | null | undefined)?.[name];
