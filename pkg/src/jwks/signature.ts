/** Verifies the signature of a cache with the key that its header names. */
import { ALGORITHMS } from "./algorithms.js";
import type { PublicKey } from "./key-set.js";
import type { Rejection } from "./rejection.js";
import { knownHeader, parseToken, type KnownHeader, type TokenHeader } from "./token.js";

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

/** Maximum number of known headers. */
const MAX_HEADERS = 64;

/**
 * Verifies the signature of a cache, whose bytes are `bytes`; they may change after the call returns. Returns what `conclude` returns for
 * the key, or for the reason of a rejection; a promise of it, which never rejects, unless the cache is rejected at once. `known` are the
 * headers of caches whose signatures were valid: a server writes one for each of its keys.
 */
export function verifySignature<T>(
  value: string,
  bytes: Uint8Array<ArrayBuffer>,
  source: KeySource,
  known: KnownHeader[],
  conclude: (proof: Proof | Rejection) => T,
): T | Promise<T> {
  const token = parseToken(value, known);
  if (typeof token === "string") return conclude(token);
  const { header, isKnown, signature, rest } = token;
  const { kid, alg } = header;
  const verify = (publicKey: PublicKey, signed: Uint8Array<ArrayBuffer>) => {
    const key = publicKey.get(alg);
    // The key's own algorithm decides: a token may repeat it, but not choose another.
    if (!key) return conclude("cache_bad_signature");
    // Not an async function, which takes longer.
    return crypto.subtle.verify(ALGORITHMS[alg]!.params, key, signature, signed).then(
      (isValid) => {
        if (!isValid) return conclude("cache_bad_signature");
        if (!isKnown) remember(known, value, header);
        return conclude({ kid, alg, key });
      },
      () => conclude("cache_bad_signature"),
    );
  };
  // A copy: WebCrypto itself would copy before its call returns, but an instrumented `verify` may read the bytes later.
  const signed = bytes.slice(0, bytes.length - rest);
  const current = source.current?.(kid);
  if (current) return verify(current, signed);
  return source.find(kid).then((found) => (typeof found === "string" ? conclude(found) : verify(found, signed)));
}

/** Adds a header, unless another call has added it meanwhile. */
function remember(known: KnownHeader[], value: string, header: TokenHeader): void {
  if (known.length < MAX_HEADERS && !known.some(({ segment }) => value.startsWith(segment))) known.push(knownHeader(value, header));
}
