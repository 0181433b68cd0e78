/** Session caches signed with the keys of Better Auth's JWT plugin, for `getCookieCache`: the set is given, and nothing is fetched. */
import { decodeText } from "../jwks/base64url.js";
import { importKeySet } from "../jwks/key-set.js";
import { partsOf, verifySignature, type KeySource } from "../jwks/signature.js";
import { AUDIENCE, parseClaims, rejectClaims, type Claims } from "../jwks/token.js";

import type { JsonWebKey } from "../platform.js";

export interface JSONWebKeySet {
  keys: (JsonWebKey & { kid?: string })[];
}

export interface KeySetOptions {
  /** The key set of `<baseURL>/jwks`. */
  jwks?: JSONWebKeySet;
  /** The required `iss`. Default: any. */
  issuer?: string;
  /** The required `aud`. Default "better-auth:session-cache". */
  audience?: string;
}

/** Tolerated clock skew in seconds, the same as the server's. */
const TOLERANCE = 15;

/** Returns the payload's JSON text if the token verifies and is valid now, otherwise null. */
export async function verifyWithKeySet(
  token: string,
  jwks: JSONWebKeySet,
  { issuer, audience = AUDIENCE }: KeySetOptions,
): Promise<string | null> {
  // Read anew at each call, because the caller can change the set.
  const named = (kid: string) => importKeySet({ keys: Array.isArray(jwks.keys) && jwks.keys.filter((key) => key?.kid === kid) });
  const source: KeySource = { find: async (kid) => (await named(kid))?.get(kid) ?? "unknown_key" };
  const isSigned = await verifySignature(token, partsOf(token), source, [], (proof) => typeof proof !== "string");
  if (!isSigned) return null;
  const claims = parseClaims(token);
  if (!claims || rejectClaims(claims, { issuers: issuer ? [issuer] : [], audience })) return null;
  return isValidNow(claims) ? decodeText(token.split(".")[1]!) : null;
}

/** Checks the times of verified claims (RFC 7519 §4.1). Unlike `get-session` this function accepts a cache without `exp`. */
function isValidNow({ exp, nbf, iat }: Claims): boolean {
  const now = Math.floor(Date.now() / 1000);
  const isTime = (claim: unknown): claim is number | undefined => claim === undefined || typeof claim === "number";
  if (!isTime(exp) || !isTime(nbf) || !isTime(iat)) return false;
  return !(exp !== undefined && exp <= now - TOLERANCE) && !(nbf !== undefined && nbf > now + TOLERANCE);
}
