// Cache values with a valid signature and unusual content, which only the holder of the secret can make.

import { createHmac } from "node:crypto";
import { DATA, SECRET, TOKEN } from "./bench.mjs";

const base64url = (value) => Buffer.from(value).toString("base64url");
const hmac = (text, encoding) => createHmac("sha256", SECRET).update(text).digest(encoding);

/** Signs or encrypts a payload in the format of the strategy. `header` and `claims` are for jwt and jwe. */
export async function sign(bench, payload, { header = {}, claims = {}, expiresAt = Date.now() + 300_000 } = {}) {
  if (bench.strategy === "compact") {
    const text = JSON.stringify(payload);
    const signature = hmac(JSON.stringify({ ...payload, expiresAt }), "base64url");
    return base64url(`{"session":${text},"expiresAt":${JSON.stringify(expiresAt)},"signature":"${signature}"}`);
  }
  const seconds = Math.floor(Date.now() / 1000);
  const all = { ...payload, iat: seconds, exp: Math.floor(expiresAt / 1000), ...claims };
  if (bench.strategy === "jwt") {
    const signed = `${base64url(JSON.stringify({ alg: "HS256", ...header }))}.${base64url(JSON.stringify(all))}`;
    return `${signed}.${hmac(signed, "base64url")}`;
  }
  return encrypt(all, header);
}

async function encrypt(claims, header) {
  const { EncryptJWT, calculateJwkThumbprint, base64url: b64 } = await import("jose");
  const { hkdfSync } = await import("node:crypto");
  const key = new Uint8Array(hkdfSync("sha256", SECRET, "better-auth-session", "BetterAuth.js Generated Encryption Key", 64));
  const kid = await calculateJwkThumbprint({ kty: "oct", k: b64.encode(key) }, "sha256");
  const { enc = "A256CBC-HS512", ...rest } = header;
  return new EncryptJWT(claims).setProtectedHeader({ alg: "dir", enc, kid, ...rest }).encrypt(enc === "A256GCM" ? key.slice(0, 32) : key);
}

/** Returns the value of the session token cookie. */
export function signToken(token) {
  return encodeURIComponent(`${token}.${hmac(token, "base64")}`);
}

/** Returns { name, cookie } for each change to the payload or envelope that the server would write. */
export async function oddClaims(bench, genuine) {
  const { session, user } = genuine;
  const payload = { session, user, updatedAt: Date.now(), version: "7" };
  const changed = {
    "as the server writes it": payload,
    "without version": { session, user, updatedAt: payload.updatedAt },
    "numeric version": { ...payload, version: 7 },
    "other version": { ...payload, version: "8" },
    "null version": { ...payload, version: null },
    "without updatedAt": { session, user, version: "7" },
    "updatedAt as text": { ...payload, updatedAt: "1" },
    "without user": { session, updatedAt: payload.updatedAt, version: "7" },
    "without session": { user, updatedAt: payload.updatedAt, version: "7" },
    "user null": { ...payload, user: null },
    "user a list": { ...payload, user: [] },
    "session a text": { ...payload, session: "x" },
    "without e-mail": { ...payload, user: { ...user, email: undefined } },
    "e-mail a number": { ...payload, user: { ...user, email: 5 } },
    "without name": { ...payload, user: { ...user, name: undefined } },
    "without session.expiresAt": { ...payload, session: { ...session, expiresAt: undefined } },
    "session.expiresAt no date": { ...payload, session: { ...session, expiresAt: "soon" } },
    "session.expiresAt a number": { ...payload, session: { ...session, expiresAt: Date.now() + 60_000 } },
    "session.expiresAt past": { ...payload, session: { ...session, expiresAt: new Date(Date.now() - 1000).toISOString() } },
    "other token": { ...payload, session: { ...session, token: "somebody else's" } },
    "without token": { ...payload, session: { ...session, token: undefined } },
    "additional member": { ...payload, more: { deep: [1, { a: null }] } },
    "deep user": { ...payload, user: { ...user, deep: nest(60) } },
    "escaped text": { ...payload, user: { ...user, name: '\ud800 \u2028 " \\ / \u0000' } },
    "large number": { ...payload, user: { ...user, n: 1e308, m: -0.000001, k: 123456789012345680000 } },
  };
  const made = [];
  for (const [name, value] of Object.entries(changed)) made.push([`signed: ${name}`, await sign(bench, value)]);
  const envelopes = {
    compact: { "text as expiresAt": { expiresAt: "9999999999999" }, "null as expiresAt": { expiresAt: null } },
    jwt: {
      "typ JWT": { header: { typ: "JWT" } },
      "a kid": { header: { kid: "x" } },
      "alg none": { header: { alg: "none" } },
      "alg HS512": { header: { alg: "HS512" } },
      "crit": { header: { crit: ["b64"], b64: true } },
      "nbf ahead": { claims: { nbf: Math.floor(Date.now() / 1000) + 100 } },
      "nbf behind": { claims: { nbf: 1 } },
      "nbf a text": { claims: { nbf: "1" } },
      "no exp": { claims: { exp: undefined } },
      "exp a text": { claims: { exp: "9999999999" } },
      "iat ahead": { claims: { iat: Math.floor(Date.now() / 1000) + 1000 } },
      "iat a text": { claims: { iat: "1" } },
      "exp with a fraction": { claims: { exp: Math.floor(Date.now() / 1000) + 60.5 } },
    },
    jwe: {
      "A256GCM": { header: { enc: "A256GCM" } },
      "other kid": { header: { kid: "x" } },
      "no kid": { header: { kid: undefined } },
      "typ JWT": { header: { typ: "JWT" } },
      "nbf ahead, tolerated": { claims: { nbf: Math.floor(Date.now() / 1000) + 10 } },
      "nbf ahead": { claims: { nbf: Math.floor(Date.now() / 1000) + 100 } },
      "no exp": { claims: { exp: undefined } },
      "exp a text": { claims: { exp: "9999999999" } },
      "iat ahead": { claims: { iat: Math.floor(Date.now() / 1000) + 1000 } },
    },
  }[bench.strategy];
  for (const [name, how] of Object.entries(envelopes)) made.push([`signed: ${name}`, await sign(bench, payload, how)]);
  return made.map(([name, value]) => ({ name, cookie: `${TOKEN}=${signToken(session.token)}; ${DATA}=${value}` }));
}

function nest(depth) {
  return depth === 0 ? "end" : { in: [nest(depth - 1)] };
}
