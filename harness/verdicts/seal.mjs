// Signs and encrypts as a Better Auth server does, with node:crypto alone, and can produce invalid values.
// The output is deterministic: the IV is constant and the time is `NOW`.

import { createCipheriv, createHash, createHmac, hkdfSync } from "node:crypto";

export const SECRET = "verdicts: an example secret, 32+ characters";
export const OTHER_SECRET = "verdicts: the secret of somebody else, 32+";
/** 2027-01-15T08:00:00Z. */
export const NOW = 1_800_000_000_000;
export const SECONDS = NOW / 1000;
export const TOKEN = "vN4pQ7sT1wY3zB6dF8hK2mP5rU9xA0cE";
export const OPTIONS = { secret: SECRET, session: { cookieCache: { enabled: true, strategy: ["compact", "jwt", "jwe"] } } };
export const STRATEGIES = ["compact", "jwt", "jwe"];

const day = (offset) => new Date(NOW + offset * 86_400_000).toISOString();
export const SESSION = {
  id: "s1",
  token: TOKEN,
  userId: "u1",
  expiresAt: day(7),
  createdAt: day(0),
  updatedAt: day(0),
  ipAddress: "",
  userAgent: "test",
};
export const USER = {
  id: "u1",
  name: "Ada",
  email: "ada@example.com",
  emailVerified: false,
  image: null,
  createdAt: day(0),
  updatedAt: day(0),
};

export const base64url = (value) => Buffer.from(value).toString("base64url");
export const hmac = (text, encoding, secret = SECRET) => createHmac("sha256", secret).update(text).digest(encoding);

/** Returns `value.signature`, before percent-encoding. */
export const signValue = (value, secret) => `${value}.${hmac(value, "base64", secret)}`;
export const signedToken = (value = TOKEN, secret = SECRET) => encodeURIComponent(signValue(value, secret));

/** Returns the JSON text of the payload. `more` is appended to its members and begins with a comma. */
export function payloadText({ session = SESSION, user = USER, version = "1" } = {}, more = "") {
  return `{"session":${asText(session)},"user":${asText(user)},"updatedAt":${NOW},"version":"${version}"${more}}`;
}

const asText = (value) => (typeof value === "string" ? value : JSON.stringify(value));

/** Returns a cache value for the text of a payload, valid for 300 s. */
export function seal(strategy, text = payloadText(), options = {}) {
  if (strategy === "compact") return compact(text, options);
  const claims = `${text.slice(0, -1)},"iat":${SECONDS},"exp":${SECONDS + 300}}`;
  return strategy === "jwt" ? jwt(claims, options) : jwe(claims, options);
}

export function compact(text, { expiresAt = NOW + 300_000, secret } = {}) {
  const signature = hmac(`${text.slice(0, -1)},"expiresAt":${expiresAt}}`, "base64url", secret);
  return base64url(`{"session":${text},"expiresAt":${expiresAt},"signature":"${signature}"}`);
}

export function jwt(claims, { header = '{"alg":"HS256"}', secret, signature } = {}) {
  const input = `${base64url(header)}.${base64url(claims)}`;
  return `${input}.${signature ?? hmac(input, "base64url", secret)}`;
}

/** Returns the content key, 64 bytes. */
export const contentKey = (secret = SECRET, salt = "better-auth-session") =>
  Buffer.from(hkdfSync("sha256", secret, salt, "BetterAuth.js Generated Encryption Key", 64));

/** Returns the JWK thumbprint of a key, RFC 7638. */
export const thumbprint = (key) =>
  createHash("sha256")
    .update(`{"k":"${base64url(key)}","kty":"oct"}`)
    .digest("base64url");

export const IV = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");

/** Encrypts claims, RFC 7518 §5.2.2.1. `key` is the MAC key and the AES key; `padded: false` encrypts whole blocks without padding. */
export function jwe(claims, { secret, key = contentKey(secret), kid = thumbprint(key), header, iv = IV, padded = true, tag } = {}) {
  const protectedHeader = base64url(header ?? `{"alg":"dir","enc":"A256CBC-HS512","kid":"${kid}"}`);
  const cipher = createCipheriv("aes-256-cbc", key.subarray(32), IV).setAutoPadding(padded);
  const text = Buffer.concat([cipher.update(claims), cipher.final()]);
  const full = cbcTag(key, protectedHeader, iv, text);
  return [protectedHeader, "", base64url(iv), base64url(text), base64url(tag ? tag(full) : full.subarray(0, 32))].join(".");
}

function cbcTag(key, aad, iv, text) {
  const bits = Buffer.alloc(8);
  bits.writeUInt32BE(aad.length * 8, 4);
  return createHmac("sha512", key.subarray(0, 32)).update(aad).update(iv).update(text).update(bits).digest();
}

/** Encrypts claims with A256GCM and half of the content key. */
export function jweGcm(claims) {
  const key = contentKey();
  const header = base64url(`{"alg":"dir","enc":"A256GCM","kid":"${thumbprint(key)}"}`);
  const iv = IV.subarray(0, 12);
  const cipher = createCipheriv("aes-256-gcm", key.subarray(0, 32), iv).setAAD(Buffer.from(header));
  const text = Buffer.concat([cipher.update(claims), cipher.final()]);
  return [header, "", base64url(iv), base64url(text), base64url(cipher.getAuthTag())].join(".");
}
