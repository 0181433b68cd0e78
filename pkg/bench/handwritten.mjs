// A minimal verifier on node:crypto as the baseline: verifies token and cache, checks the expiry and parses the JSON.
// Supports no custom names, chunks, reasons or key rotation.
import { createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from "node:crypto";

export function handwritten(secret, strategy) {
  const hmac = (text, encoding) => createHmac("sha256", secret).update(text).digest(encoding);
  const same = (a, b) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
  const content = Buffer.from(hkdfSync("sha256", secret, "better-auth-session", "BetterAuth.js Generated Encryption Key", 64));
  const open = { compact, jwt, jwe }[strategy];

  function compact(value) {
    const { session, expiresAt, signature } = JSON.parse(Buffer.from(value, "base64url"));
    if (!same(hmac(JSON.stringify({ ...session, expiresAt }), "base64url"), signature) || expiresAt < Date.now()) return null;
    return session;
  }

  function jwt(value) {
    const [header, payload, signature] = value.split(".");
    if (!same(hmac(`${header}.${payload}`, "base64url"), signature)) return null;
    const claims = JSON.parse(Buffer.from(payload, "base64url"));
    return claims.exp * 1000 < Date.now() ? null : claims;
  }

  function jwe(value) {
    const [header, , iv, text, tag] = value.split(".");
    const [ivBytes, cipher] = [Buffer.from(iv, "base64url"), Buffer.from(text, "base64url")];
    const length = Buffer.alloc(8);
    length.writeUInt32BE(header.length * 8, 4);
    const mac = createHmac("sha512", content.subarray(0, 32)).update(header).update(ivBytes).update(cipher).update(length).digest();
    if (!timingSafeEqual(mac.subarray(0, 32), Buffer.from(tag, "base64url"))) return null;
    const aes = createDecipheriv("aes-256-cbc", content.subarray(32), ivBytes);
    const claims = JSON.parse(Buffer.concat([aes.update(cipher), aes.final()]));
    return claims.exp * 1000 < Date.now() ? null : claims;
  }

  return (header) => {
    const cookies = new Map(header.split("; ").map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
    const signed = decodeURIComponent(cookies.get("better-auth.session_token"));
    const dot = signed.lastIndexOf(".");
    if (!same(hmac(signed.slice(0, dot), "base64"), signed.slice(dot + 1))) return null;
    const payload = open(cookies.get("better-auth.session_data"));
    if (payload?.session.token !== signed.slice(0, dot) || new Date(payload.session.expiresAt) < new Date()) return null;
    return payload;
  };
}
