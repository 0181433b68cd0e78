/**
 * The content of the gate's own cache cookie: the origin's response, encrypted with AES-256-GCM under a key of its own and bound
 * to the session token. Loaded on demand.
 *
 * The value is the base64url of IV (12 bytes) ‖ ciphertext ‖ tag; the plaintext is `{ at, until, body }`.
 */
import { decodeBase64url } from "../jwks/base64url.js";

const encoder = new TextEncoder();
const SALT = encoder.encode("better-session");
const INFO = encoder.encode("better-session own cache v1");
const IV_BYTES = 12;

/** Maximum length of a value: browsers reject cookies above 4096 bytes with name and attributes. */
const MAX_VALUE = 3900;

/** A response of the origin. */
export interface CachedResponse {
  /** The time at which the origin was asked, in milliseconds. */
  at: number;
  /** The end of the session, in milliseconds. */
  until: number;
  /** The body of its `get-session`. */
  body: string;
}

/** A key of WebCrypto, by the platform's own declarations. */
export type Key = Parameters<typeof crypto.subtle.encrypt>[1];

/** Derives the key of a secret. */
export async function deriveKey(secret: string): Promise<Key> {
  const material = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, ["deriveKey"]);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: SALT, info: INFO };
  return crypto.subtle.deriveKey(hkdf, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** Encrypts a response for the session of `token`. Resolves to null if it is too long for a cookie. */
export async function encrypt(key: Key, token: string, response: CachedResponse): Promise<string | null> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const text = encoder.encode(JSON.stringify(response));
  if (text.length > MAX_VALUE) return null;
  const encrypted = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(token) }, key, text));
  const value = btoa(String.fromCharCode(...iv, ...encrypted))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
  return value.length > MAX_VALUE ? null : value;
}

/** Decrypts a value for the session of `token`. Resolves to null if it is forged, of another session, or of another secret. */
export async function decrypt(key: Key, token: string, value: string): Promise<CachedResponse | null> {
  const bytes = value.length > MAX_VALUE ? null : decodeBase64url(value);
  if (!bytes || bytes.length <= IV_BYTES) return null;
  const parameters = { name: "AES-GCM", iv: bytes.subarray(0, IV_BYTES), additionalData: encoder.encode(token) };
  try {
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(parameters, key, bytes.subarray(IV_BYTES))));
  } catch {
    return null;
  }
}
