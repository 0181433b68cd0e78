/** Session caches that a server signed with the keys of its JWT plugin: compact JWS (RFC 7515 §3.1), parsed and judged. */
import { decodeBase64url, decodeText } from "./base64url.js";
import { ALGORITHMS } from "./algorithms.js";
import type { Rejection } from "./rejection.js";

/** The header's `typ`, which distinguishes a session cache from other tokens signed with the same keys. */
const TYPE = "better-auth.session-cache+jwt";

/** The `aud` that the server writes. */
export const AUDIENCE = "better-auth:session-cache";

/** Maximum length of a header's segment, the same as in the core. Better Auth writes about 130 characters. */
const MAX_HEADER = 2048;

/** A parsed cache whose signature has not been verified yet. */
export interface SignedCache {
  kid: string;
  alg: string;
  signed: Uint8Array<ArrayBuffer>;
  signature: Uint8Array<ArrayBuffer>;
  payload: string;
}

/** The values that the claims must have. */
export interface RequiredClaims {
  /** The accepted `iss`; empty for any. */
  issuers: string[];
  audience: string;
}

const encoder = new TextEncoder();

/** Parses a cache and checks its header. Nothing that this function rejects causes a request for keys. */
export function parseToken(value: string): SignedCache | Rejection {
  const [head = "", payload, signed, ...rest] = value.split(".");
  if (!payload || !signed || rest.length > 0 || head.length > MAX_HEADER) return "cache_malformed";
  const header = parseObject(decodeText(head));
  if (!header) return "cache_malformed";
  const { typ, kid, alg, crit } = header;
  if (alg === "HS256" && typ === undefined && kid === undefined) return "strategy_mismatch";
  if (typ !== TYPE) return "wrong_type";
  if (typeof kid !== "string" || kid === "" || crit !== undefined) return "cache_malformed";
  if (typeof alg !== "string" || !Object.hasOwn(ALGORITHMS, alg)) return "cache_malformed";
  const signature = decodeBase64url(signed);
  if (!signature) return "cache_malformed";
  return { kid, alg, signature, payload, signed: encoder.encode(`${head}.${payload}`) };
}

/**
 * Checks the claims of a cache whose signature is valid: issuer, audience, and that `sub` and `sid` are the user and session in
 * it. The core checks the rest, as in every other cache. Returns null if they are valid.
 */
export function rejectClaims(payload: string, { issuers, audience }: RequiredClaims): Rejection | null {
  const claims = parseObject(decodeText(payload));
  if (!claims) return "cache_malformed";
  const { iss, aud, sub, sid, session, user } = claims;
  if (aud !== audience && !(Array.isArray(aud) && aud.includes(audience))) return "wrong_type";
  if (typeof iss !== "string" || iss === "" || (issuers.length > 0 && !issuers.includes(iss))) return "cache_malformed";
  const isBound = typeof sub === "string" && sub === member(user, "id") && typeof sid === "string" && sid === member(session, "token");
  return isBound ? null : "cache_malformed";
}

type Loose = Record<string, unknown>;

function parseObject(text: string | null): Loose | null {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Loose) : null;
  } catch {
    return null;
  }
}

const member = (value: unknown, name: string) => (value as Loose | null | undefined)?.[name];
