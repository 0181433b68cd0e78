/** Session caches signed with the keys of Better Auth's JWT plugin, verified with their public halves (WebCrypto). */

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

/** The header's `typ`, which distinguishes a session cache from other tokens signed with the same keys. */
const TYPE = "better-auth.session-cache+jwt";
const AUDIENCE = "better-auth:session-cache";

/** Tolerated clock skew in seconds, the same as the server's. */
const TOLERANCE = 15;

/** Minimum size of an RSA modulus in bits (RFC 7518 §3.3 and §3.5). */
const MIN_MODULUS = 2048;

/** Returns the payload's JSON text if the token verifies and is valid now, otherwise null. */
export async function verifyWithKeySet(token: string, jwks: JSONWebKeySet, options: KeySetOptions): Promise<string | null> {
  try {
    const [header, payload, signature, ...rest] = token.split(".");
    if (!header || !payload || !signature || rest.length > 0) return null;
    const { typ, kid, alg, crit } = JSON.parse(utf8(header)) as Record<string, unknown>;
    if (typ !== TYPE || !kid || crit !== undefined) return null;
    const jwk = jwks.keys.find((key) => key.kid === kid);
    // The key's own algorithm decides: a token may repeat it, but not choose another.
    if (!jwk || typeof alg !== "string" || (jwk.alg ?? alg) !== alg) return null;
    const signed = new TextEncoder().encode(`${header}.${payload}`);
    if (!(await verifies(jwk, alg, bytes(signature), signed))) return null;
    const text = utf8(payload);
    return isValidNow(JSON.parse(text), options) ? text : null;
  } catch {
    return null;
  }
}

async function verifies(jwk: JsonWebKey, alg: string, signature: Uint8Array<ArrayBuffer>, signed: Uint8Array<ArrayBuffer>) {
  const algorithm = algorithmOf(alg, jwk);
  if (!algorithm || jwk.d !== undefined || jwk.key_ops?.includes("verify") === false) return false;
  const { alg: _alg, use: _use, key_ops: _ops, ext: _ext, ...material } = jwk;
  const key = await crypto.subtle.importKey("jwk", material, algorithm, false, ["verify"]);
  const { modulusLength } = key.algorithm as { modulusLength?: number };
  if (modulusLength !== undefined && modulusLength < MIN_MODULUS) return false;
  return crypto.subtle.verify(algorithm, key, signature, signed);
}

/** Returns WebCrypto's parameters for an asymmetric algorithm of RFC 7518 or RFC 8037, or null for any other. */
function algorithmOf(alg: string, jwk: JsonWebKey) {
  const bits = alg.slice(2);
  const hash = `SHA-${bits}`;
  switch (alg) {
    case "EdDSA":
    case "Ed25519":
      return jwk.crv === "Ed25519" ? { name: "Ed25519" } : null;
    case "ES256":
    case "ES384":
    case "ES512":
      return { name: "ECDSA", hash, namedCurve: bits === "512" ? "P-521" : `P-${bits}` };
    case "RS256":
    case "RS384":
    case "RS512":
      return { name: "RSASSA-PKCS1-v1_5", hash };
    case "PS256":
    case "PS384":
    case "PS512":
      return { name: "RSA-PSS", hash, saltLength: Number(bits) / 8 };
    default:
      return null;
  }
}

/** Checks the registered claims (RFC 7519 §4.1), and that `sub` and `sid` are the user and session in the payload. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- JSON; each claim is checked before it is used
function isValidNow(claims: any, { issuer, audience = AUDIENCE }: KeySetOptions): boolean {
  const { iss, aud, sub, sid, exp, nbf, iat } = claims;
  const now = Math.floor(Date.now() / 1000);
  const isTime = (claim: unknown) => claim === undefined || typeof claim === "number";
  if (![exp, nbf, iat].every(isTime)) return false;
  if (exp !== undefined && exp <= now - TOLERANCE) return false;
  if (nbf !== undefined && nbf > now + TOLERANCE) return false;
  if (typeof iss !== "string" || !iss || (issuer && iss !== issuer)) return false;
  if (aud !== audience && !(Array.isArray(aud) && aud.includes(audience))) return false;
  return sub === claims.user.id && sid === claims.session.token;
}

const utf8 = (part: string) => new TextDecoder("utf-8", { fatal: true }).decode(bytes(part));

function bytes(part: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]*$/.test(part)) throw new TypeError("not base64url");
  return Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
}
