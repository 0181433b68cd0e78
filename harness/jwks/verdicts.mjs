// Vectors for caches that a key set verifies: headers, keys, claims, other tokens of the same keys. Each has its own key set or
// that of `KEYS`. `source` says what the published getCookieCache does where it differs.

import { createHmac } from "node:crypto";
import { cookies } from "../verdicts/vector.mjs";
import { base64url, jwt, NOW, payloadText, SECONDS, SECRET, seal, SESSION, signedToken, TOKEN, USER } from "../verdicts/seal.mjs";
import { headerText, privateJwk, publicJwk, signJws } from "./keys.mjs";

export const ISSUER = "https://app.example";
const AUDIENCE = "better-auth:session-cache";
const KEYS = ["ed", "ed-2", "es256", "es512", "rs256", "ps256"].map((kid) => publicJwk(kid));

export const OPTIONS = { secret: SECRET, issuer: ISSUER, advanced: { useSecureCookies: false } };
export const KEY_SET = { keys: KEYS };
export { NOW };

/** Returns the text of the claims in the server's order. `changes` replaces claims; `undefined` removes one. */
function claims({ session = SESSION, user = USER, ...changes } = {}) {
  const registered = { iat: SECONDS, exp: SECONDS + 300, iss: ISSUER, aud: AUDIENCE, sub: user.id };
  const all = { session, user, updatedAt: NOW, version: "1", sid: session.token, ...registered, ...changes };
  return JSON.stringify(all);
}

const signed = (changes, more) => signJws(claims(changes), more);
const withHeader = (changes, kid = "ed") => signJws(claims(), { kid, header: headerText(kid, changes) });
const good = signed();
const [head, body, signature] = good.split(".");
const without = (record, name) => Object.fromEntries(Object.entries(record).filter(([other]) => other !== name));
const set = (...keys) => ({ jwks: { keys } });

/** An HS256 token under a header that names a key of the set. */
function hmacToken(secret) {
  const input = `${base64url(headerText("ed", { alg: "HS256" }))}.${body}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

/** Returns the signature with the spare bits of its last character set: the same bytes in another spelling. */
function respelt(token) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return token.slice(0, -1) + alphabet[alphabet.indexOf(token.at(-1)) + 1];
}

const accept = (name, value, more = {}) => ({ name, cookie: cookies(value), ...more });
const stale = (name, value, reason, more = {}) => ({ name, cookie: cookies(value), status: "stale", reason, token: TOKEN, ...more });

export const accepted = [
  accept("as the server signs it, EdDSA", good),
  accept("the other key of the set", signed({}, { kid: "ed-2" })),
  accept("RS256", signed({}, { kid: "rs256" })),
  accept("a fraction of a second, in the future", signed({ exp: SECONDS + 0.5 })),
  accept("valid in 10 seconds, within the tolerance", signed({ nbf: SECONDS + 10 })),
  accept("issued in the future", signed({ iat: SECONDS + 999 })),
  accept("an audience list that has it", signed({ aud: ["another", AUDIENCE] })),
  accept("further claims", signed({ jti: "1", another: { deep: [1] } })),
  accept("no version, which means 1", signed({ version: undefined })),
  accept("one of two issuers", good, { options: { ...OPTIONS, issuer: ["https://other.example", ISSUER] } }),
  accept("another audience, configured", signed({ aud: "mine" }), { options: { ...OPTIONS, audience: "mine" } }),
  accept("a key without alg", good, set(without(publicJwk("ed"), "alg"))),
  accept("an RSA key without alg", signed({}, { kid: "rs256" }), set(without(publicJwk("rs256"), "alg"))),
  accept("a key with use and key_ops", good, set(publicJwk("ed", { use: "sig", key_ops: ["verify"] }))),
  accept("a set with a key that cannot be used", good, set(publicJwk("es256", { use: "enc" }), publicJwk("ed"))),
  accept("a set with an entry that is no key", good, set(null, publicJwk("ed"), 1)),
];

const wrongType = {
  "typ in upper case": withHeader({ typ: "BETTER-AUTH.SESSION-CACHE+JWT" }),
  "typ with application/": withHeader({ typ: "application/better-auth.session-cache+jwt" }),
  "typ JWT": withHeader({ typ: "JWT" }),
  "typ at+jwt, as an OAuth access token": withHeader({ typ: "at+jwt" }),
  "no typ": withHeader({ typ: undefined }),
  "a token of /token": signJws(claims({ aud: ISSUER }), { header: JSON.stringify({ alg: "EdDSA", kid: "ed" }) }),
  "another audience": signed({ aud: "another" }),
  "no audience": signed({ aud: undefined }),
  "an audience list without it": signed({ aud: ["another"] }),
};

const malformed = {
  "no kid": withHeader({ kid: undefined }),
  "an empty kid": withHeader({ kid: "" }),
  "a kid that is a number": withHeader({ kid: 1 }),
  "alg Ed25519 under an EdDSA key": withHeader({ alg: "Ed25519" }),
  "alg none, without a signature": `${base64url(headerText("ed", { alg: "none" }))}.${body}.`,
  "alg none under a good signature": withHeader({ alg: "none" }),
  "HS256 with the secret": hmacToken(SECRET),
  "HS256 with the public key as secret": hmacToken(publicJwk("ed").x),
  "alg toString": withHeader({ alg: "toString" }),
  "crit b64": withHeader({ crit: ["b64"], b64: true }),
  "crit empty": withHeader({ crit: [] }),
  "an empty signature": `${head}.${body}.`,
  "a padded signature": `${good}=`,
  "a signature spelt otherwise": respelt(good),
  "a signature with a space": `${good.slice(0, -9)}%20${good.slice(-8)}`,
  "a signature that ends in spaces": `${good.slice(0, -2)}%20%20`,
  "a signature that ends in padding, of the usual length": `${good.slice(0, -2)}==`,
  "a signature with a character of base64 alone": `${good.slice(0, -9)}+${good.slice(-8)}`,
  "a header that is a list": signJws(claims(), { header: "[]" }),
  "a header of 3 kB": withHeader({ x: "x".repeat(3000) }),
  "no exp": signed({ exp: undefined }),
  "exp as text": signed({ exp: String(SECONDS + 300) }),
  "iat as text": signed({ iat: "now" }),
  "the issuer with a slash": signed({ iss: `${ISSUER}/` }),
  "another issuer": signed({ iss: "https://other.example" }),
  "an empty issuer": signed({ iss: "" }),
  "no issuer": signed({ iss: undefined }),
  "a list of issuers": signed({ iss: [ISSUER] }),
  "sub of another user": signed({ sub: "another" }),
  "no sub": signed({ sub: undefined }),
  "sid of another session": signed({ sid: "another" }),
  "no sid": signed({ sid: undefined }),
  "a version that is a number": signed({ version: 1 }),
  "no updatedAt": signed({ updatedAt: undefined }),
  "a session without an end": signed({ session: without(SESSION, "expiresAt") }),
  "a session whose end is no date": signed({ session: { ...SESSION, expiresAt: "never" } }),
  "a user without a name": signed({ user: without(USER, "name") }),
  "claims that are a list": signJws("[]"),
};

const forged = {
  "claims changed under the signature": `${head}.${base64url(claims({ exp: SECONDS + 900 }))}.${signature}`,
  "a header changed under the signature": `${base64url(headerText("ed", { x: 1 }))}.${body}.${signature}`,
  "padded claims": `${head}.${body}=.${signature}`,
  "the kid of another key": withHeader({ kid: "ed-2" }),
  "the kid of a key of another algorithm": withHeader({ kid: "es256" }),
  "the alg of another key": withHeader({ alg: "ES256" }),
  "a signature that is too short": `${head}.${body}.${signature.slice(0, 40)}`,
};

const unsupported = {
  "an RSA key of 1024 bits": [signed({}, { kid: "rs256-1024" }), set(publicJwk("rs256-1024"))],
  "a key whose alg is of another family": [good, set(publicJwk("ed", { alg: "ES256" }))],
  "a key with key_ops sign": [good, set(publicJwk("ed", { key_ops: ["sign"] }))],
  "a private key": [good, set(privateJwk("ed"))],
  "a key for encryption": [good, set(publicJwk("ed", { use: "enc" }))],
  "two keys with one kid": [good, set(publicJwk("ed"), publicJwk("ed-2", { kid: "ed" }))],
  "one key twice": [good, set(publicJwk("ed"), publicJwk("ed"))],
  "a symmetric key": [good, set({ kty: "oct", k: "AAAA", alg: "EdDSA", kid: "ed" })],
};

/** Returns a cache with the signature of other claims. */
const misSigned = (changes, more) => `${signed(changes, more).split(".").slice(0, 2).join(".")}.${signature}`;

const ENDED = { exp: SECONDS - 60 };
const EVER_ENDED = { session: { ...SESSION, expiresAt: new Date(NOW - 1).toISOString() } };

/** Caches with two faults, and the reason of the one that comes first. */
const twofold = {
  "another typ and an unknown kid": [withHeader({ typ: "JWT", kid: "ed-unknown" }), "wrong_type"],
  "an unknown kid and another's signature": [
    misSigned({ version: "2" }, { header: headerText("ed", { kid: "ed-unknown" }) }),
    "unknown_key",
  ],
  "ended, another's signature": [misSigned(ENDED), "cache_bad_signature"],
  "a session that has ended, another's signature": [misSigned(EVER_ENDED), "cache_bad_signature"],
  "another version, another's signature": [misSigned({ version: "2" }), "cache_bad_signature"],
  "another audience, another's signature": [misSigned({ aud: "another" }), "cache_bad_signature"],
  "no updatedAt, another's signature": [misSigned({ updatedAt: undefined }), "cache_bad_signature"],
  "claims that are no JSON, another's signature": [`${head}.${base64url("{")}.${signature}`, "cache_bad_signature"],
  "ended, an unknown kid": [signed(ENDED, { header: headerText("ed", { kid: "ed-unknown" }) }), "unknown_key"],
  "another audience and another issuer": [signed({ aud: "another", iss: "https://other.example" }), "wrong_type"],
  "another audience, ended": [signed({ ...ENDED, aud: "another" }), "wrong_type"],
  "another issuer, ended": [signed({ ...ENDED, iss: "https://other.example" }), "cache_malformed"],
  "sub of another user, a session that has ended": [signed({ ...EVER_ENDED, sub: "another" }), "cache_malformed"],
  "another audience, no updatedAt": [signed({ updatedAt: undefined, aud: "another" }), "wrong_type"],
  "ended, no updatedAt": [signed({ ...ENDED, updatedAt: undefined }), "cache_malformed"],
  "ended, and so has the session": [signed({ ...ENDED, ...EVER_ENDED }), "cache_expired"],
  "a session that has ended, another version": [signed({ ...EVER_ENDED, version: "2" }), "session_expired"],
  "a line break after the signature": [`${good}%0A`, "cache_malformed"],
  "a line break and JSON after the signature": [`${good}%0A%7B%7D`, "cache_malformed"],
  "a line break in the claims": [`${head}.${body.slice(0, 40)}%0A${body.slice(40)}.${signature}`, "cache_bad_signature"],
  "a letter beyond ASCII in the claims": [`${head}.%C3%A9${body}.${signature}`, "cache_bad_signature"],
  "a letter beyond ASCII in the signature": [`${good}%C3%A9`, "cache_malformed"],
};

export const rejected = [
  ...Object.entries(wrongType).map(([name, value]) => stale(name, value, "wrong_type")),
  ...Object.entries(malformed).map(([name, value]) => stale(name, value, "cache_malformed")),
  ...Object.entries(forged).map(([name, value]) => stale(name, value, "cache_bad_signature")),
  ...Object.entries(unsupported).map(([name, [value, more]]) => stale(name, value, "unsupported_key", more)),
  ...Object.entries(twofold).map(([name, [value, reason]]) => stale(name, value, reason)),
  stale("a plain HS256 cache of the former configuration", seal("jwt"), "strategy_mismatch"),
  stale("a compact cache", seal("compact"), "strategy_mismatch"),
  stale("two parts", `${head}.${body}`, "cache_malformed"),
  stale("four parts", `${good}.${signature}`, "cache_malformed"),
  stale("an unknown kid", signed({}, { kid: "ed-unknown" }), "unknown_key"),
  stale("an empty set", good, "unknown_key", set()),
  stale("ended 10 seconds ago", signed({ exp: SECONDS - 10 }), "cache_expired"),
  stale("ended 15 seconds ago", signed({ exp: SECONDS - 15 }), "cache_expired"),
  stale("valid in 20 seconds", signed({ nbf: SECONDS + 20 }), "cache_expired"),
  stale("a session that has ended", signed({ session: { ...SESSION, expiresAt: new Date(NOW - 1).toISOString() } }), "session_expired"),
  stale("another version", signed({ version: "2" }), "version_mismatch"),
  { ...stale("another session's token", good, "token_mismatch"), cookie: cookies(good, signedToken("another")), token: "another" },
  {
    ...stale("another session's token, another's signature", misSigned({ version: "2" }), "cache_bad_signature"),
    cookie: cookies(misSigned({ version: "2" }), signedToken("another")),
    token: "another",
  },
  {
    ...stale("another session's token, ended", signed(ENDED), "cache_expired"),
    cookie: cookies(signed(ENDED), signedToken("another")),
    token: "another",
  },
  { name: "no session token", cookie: `better-auth.session_data=${good}`, status: "unauthenticated", reason: "no_cookie" },
  stale("the cache is off", good, "cache_absent", { options: { ...OPTIONS, session: { cookieCache: { enabled: false } } } }),
];

/** HS256 tokens of the secret alone never verify, whatever their header says. */
rejected.push(stale("HS256 with a JOSE header of the key set", jwt(claims(), { header: headerText("ed") }), "cache_bad_signature"));
