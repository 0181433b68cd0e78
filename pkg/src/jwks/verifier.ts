/** Verifies caches with a key set. Loaded on demand: a program without `jwks` does not need it. */
import { ALGORITHMS } from "./algorithms.js";
import type { PublicKey } from "./key-set.js";
import { parseToken, rejectClaims, type RequiredClaims } from "./token.js";
import type { Rejection } from "./rejection.js";

/** A source of keys: a key set that is given or fetched. */
export interface KeySource {
  /** Returns the key of today's set, or the reason why there is none. */
  find(kid: string): Promise<PublicKey | Rejection>;
}

/**
 * Verifies the signature, the key and the registered claims of a cache. Resolves to null if all are valid, otherwise to the
 * reason. Never rejects for a visitor's input. Window, version, session and payload are left to the core.
 */
export async function verifyWithKeys(value: string, source: KeySource, required: RequiredClaims): Promise<Rejection | null> {
  const token = parseToken(value);
  if (typeof token === "string") return token;
  // A memory of verified values belongs here: after the key was found, because a hit counts only if today's set still has it.
  const key = await source.find(token.kid);
  if (typeof key === "string") return key;
  const publicKey = key.get(token.alg);
  // The key's own algorithm decides: a token may repeat it, but not choose another.
  if (!publicKey) return "cache_bad_signature";
  const { params } = ALGORITHMS[token.alg]!;
  const isSigned = await crypto.subtle.verify(params, publicKey, token.signature, token.signed).catch(() => false);
  return isSigned ? rejectClaims(token.payload, required) : "cache_bad_signature";
}
