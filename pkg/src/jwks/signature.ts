/** Verifies the signature of a cache with the key that its header names. */
import { ALGORITHMS } from "./algorithms.js";
import { decodeBase64url } from "./base64url.js";
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

/** The signed bytes and the signature of a cache, which stay the same until it is verified. */
export interface Parts {
  signed: Uint8Array<ArrayBuffer>;
  signature: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();

/** Read once: in workerd the property is a call. */
const { subtle } = crypto;

/** Returns the parts of a cache, or null unless its last segment is base64url. */
export function partsOf(value: string): Parts | null {
  const dot = value.lastIndexOf(".");
  const signature = decodeBase64url(value.slice(dot + 1));
  return signature && { signed: encoder.encode(value.slice(0, dot)), signature };
}

/** Maximum number of known headers. */
const MAX_HEADERS = 64;

/**
 * Verifies the signature of a cache; `parts` is null if it has none. Calls `conclude` once, and returns what `conclude` returns for
 * the key, or for the reason of a rejection; a promise of it, which never rejects, unless the cache is rejected at once. `known` are the
 * headers of caches whose signatures were valid: a server writes one for each of its keys.
 */
export function verifySignature<T>(
  value: string,
  parts: Parts | null,
  source: KeySource,
  known: KnownHeader[],
  conclude: (proof: Proof | Rejection) => T,
): T | Promise<T> {
  const token = parseToken(value, known);
  if (typeof token === "string") return conclude(token);
  if (!parts) return conclude("cache_malformed");
  const { header, isKnown } = token;
  const { kid, alg } = header;
  const verify = (publicKey: PublicKey) => {
    const key = publicKey.get(alg);
    // The key's own algorithm decides: a token may repeat it, but not choose another.
    if (!key) return conclude("cache_bad_signature");
    const { params } = ALGORITHMS[alg]!;
    // A name without parameters is read faster than an object. Not an async function, which takes longer.
    return subtle.verify(params.hash ? params : params.name, key, parts.signature, parts.signed).then(
      (isValid) => {
        if (!isValid) return conclude("cache_bad_signature");
        if (!isKnown) remember(known, value, header);
        return conclude({ kid, alg, key });
      },
      () => conclude("cache_bad_signature"),
    );
  };
  const current = source.current?.(kid);
  if (current) return verify(current);
  return source.find(kid).then((found) => (typeof found === "string" ? conclude(found) : verify(found)));
}

/** Adds a header, unless another call has added it meanwhile. */
function remember(known: KnownHeader[], value: string, header: TokenHeader): void {
  if (known.length < MAX_HEADERS && !known.some(({ segment }) => value.startsWith(segment))) known.push(knownHeader(value, header));
}
