/** A JSON Web Key Set (RFC 7517 §5) as imported public keys. */
import { ALGORITHMS } from "./algorithms.js";

/** A public key by the name of each algorithm that it verifies: one, or two for an RSA key without `alg`. */
export type PublicKey = Map<string, CryptoKey>;

/** Keys by `kid`; null for one that cannot verify caches, or is not alone under its `kid`. */
export type KeySet = Map<string, PublicKey | null>;

/** Maximum number of keys that are read. A server that rotates daily publishes about 31. */
const MAX_KEYS = 64;

/** Minimum size of an RSA modulus in bits (RFC 7518 §3.3 and §3.5). */
const MIN_MODULUS = 2048;

type Jwk = JsonWebKey & { kid?: unknown };

/** Imports a key set. Returns null if the value is not one. Keys without a `kid` are left out. */
export async function importKeySet(value: unknown): Promise<KeySet | null> {
  const list: unknown = (value as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(list)) return null;
  const keys: KeySet = new Map();
  for (const jwk of list.slice(0, MAX_KEYS) as (Jwk | null)[]) {
    const kid = jwk?.kid;
    if (!jwk || typeof kid !== "string" || kid === "") continue;
    // Two keys of one name: a token does not say which of them signed it.
    keys.set(kid, keys.has(kid) ? null : await importKey(jwk));
  }
  return keys;
}

/** Imports a key for every algorithm that its type allows. Returns null if there is none. */
async function importKey(jwk: Jwk): Promise<PublicKey | null> {
  if (!isForVerifying(jwk)) return null;
  const key: PublicKey = new Map();
  const { kty, crv, x, y, n, e } = jwk;
  for (const [alg, { params, ...type }] of Object.entries(ALGORITHMS)) {
    if (kty !== type.kty || crv !== type.crv || (jwk.alg ?? alg) !== alg) continue;
    try {
      const imported = await crypto.subtle.importKey("jwk", { kty, crv, x, y, n, e } as JsonWebKey, params, false, ["verify"]);
      const { modulusLength = MIN_MODULUS } = imported.algorithm as { modulusLength?: number };
      if (modulusLength >= MIN_MODULUS) key.set(alg, imported);
    } catch {
      // Not a key of this type, or of a type that this runtime does not have.
    }
  }
  return key.size > 0 ? key : null;
}

/** Returns whether a key is public and meant for signatures. */
function isForVerifying({ d, use, key_ops: operations }: Jwk): boolean {
  const forSignatures = use === undefined || use === "sig";
  return d === undefined && forSignatures && (operations === undefined || (Array.isArray(operations) && operations.includes("verify")));
}
