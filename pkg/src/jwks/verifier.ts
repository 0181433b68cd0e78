/** Verifies caches with a key set. Loaded on demand: a program without `jwks` does not need it. */
import { keyOfValue, type Memory } from "../verifier/memory.js";
import { ALGORITHMS } from "./algorithms.js";
import type { PublicKey } from "./key-set.js";
import { parseToken, rejectClaims, type RequiredClaims } from "./token.js";
import type { Rejection } from "./rejection.js";

/** A source of keys: a key set that is given or fetched. */
export interface KeySource {
  /** Returns the key of today's set, or the reason why there is none. */
  find(kid: string): Promise<PublicKey | Rejection>;
}

/** The key that verified a cache. The same bytes are valid as long as today's set has this very key, not one that is equal to it. */
export interface Proof {
  kid: string;
  alg: string;
  key: CryptoKey;
}

/**
 * Verifies the signature, the key and the registered claims of a cache. Resolves to null if all are valid, otherwise to the
 * reason. Never rejects for a visitor's input. Window, version, session and payload are left to the core. `seen` are the values that
 * were verified before, under the same requirements.
 */
export async function verifyWithKeys(
  value: string,
  source: KeySource,
  required: RequiredClaims,
  seen?: Memory<Proof>,
): Promise<Rejection | null> {
  const known = seen?.get(keyOfValue(value), value, 0);
  if (known) {
    const key = await source.find(known.kid);
    if (typeof key !== "string" && key.get(known.alg) === known.key) return null;
  }
  const token = parseToken(value);
  if (typeof token === "string") return token;
  const key = await source.find(token.kid);
  if (typeof key === "string") return key;
  const publicKey = key.get(token.alg);
  // The key's own algorithm decides: a token may repeat it, but not choose another.
  if (!publicKey) return "cache_bad_signature";
  const { params } = ALGORITHMS[token.alg]!;
  const isSigned = crypto.subtle.verify(params, publicKey, token.signature, token.signed).catch(() => false);
  const ofClaims = rejectClaims(token.payload, required); // while another thread verifies
  const rejection = (await isSigned) ? ofClaims : "cache_bad_signature";
  if (!rejection) seen?.set(keyOfValue(value), value, { kid: token.kid, alg: token.alg, key: publicKey }, 0, -Infinity, Infinity);
  return rejection;
}
