/** Verifies the signature of a cache with the key that its header names. */
import { ALGORITHMS } from "./algorithms.js";
import type { PublicKey } from "./key-set.js";
import type { Rejection } from "./rejection.js";
import { parseToken, type TokenHeader } from "./token.js";

/** A source of keys: a key set that is given or fetched. */
export interface KeySource {
  /** Returns a key without waiting, if the source has it and need not be asked for a newer one. */
  current?(kid: string): PublicKey | null | undefined;
  /** Returns the key of today's set, or the reason why there is none. */
  find(kid: string): Promise<PublicKey | Rejection>;
}

/** The key that verified a cache. The same bytes are valid as long as today's set has this very key, not one that is equal to it. */
export interface Proof extends TokenHeader {
  key: CryptoKey;
}

/** Headers of caches whose signatures were valid, by their text: a server writes one for each of its keys. */
export type KnownHeaders = Map<string, TokenHeader>;

/** Maximum number of known headers. */
const MAX_HEADERS = 64;

/**
 * Verifies the signature of a cache, whose bytes are `bytes`; they may change after the call returns. Resolves to the key, or to the
 * reason why it is rejected. Never rejects for a visitor's input.
 */
export async function verifySignature(
  value: string,
  bytes: Uint8Array<ArrayBuffer>,
  source: KeySource,
  known?: KnownHeaders,
): Promise<Proof | Rejection> {
  const token = parseToken(value, known);
  if (typeof token === "string") return token;
  const { head, header, signature, rest } = token;
  let signed = bytes.subarray(0, bytes.length - rest);
  let found: PublicKey | Rejection | null | undefined = source.current?.(header.kid);
  if (!found) {
    signed = signed.slice();
    found = await source.find(header.kid);
  }
  if (typeof found === "string") return found;
  const key = found.get(header.alg);
  // The key's own algorithm decides: a token may repeat it, but not choose another.
  if (!key) return "cache_bad_signature";
  try {
    // WebCrypto copies the bytes before the call returns.
    if (!(await crypto.subtle.verify(ALGORITHMS[header.alg]!.params, key, signature, signed))) return "cache_bad_signature";
  } catch {
    return "cache_bad_signature";
  }
  if (known && known.size < MAX_HEADERS && !known.has(head)) known.set(head, header);
  return { ...header, key };
}
