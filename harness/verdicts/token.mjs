// Vectors for the signed session token.

import { accept, cookies, noSession, stale } from "./vector.mjs";
import { hmac, NOW, OPTIONS, OTHER_SECRET, seal, SECRET, SESSION, payloadText, signedToken, signValue, TOKEN } from "./seal.mjs";

export const about = "the signed session token: shape, signature, encoding, secrets";

const value = seal("compact");
const signed = signValue(TOKEN);
const signature = signed.slice(TOKEN.length + 1);
const withToken = (token) => cookies(value, token);
const escaped = (text) => withToken(encodeURIComponent(text));
const rotated = {
  ...OPTIONS,
  secret: undefined,
  secrets: [
    { version: 2, value: OTHER_SECRET },
    { version: 1, value: SECRET },
  ],
};
const ofToken = (token) => payloadText({ session: { ...SESSION, token } });

/** A non-canonical form of the same 32 bytes, which leave two bits of the 43rd character unused. */
const spelled = signature.replace(/.=$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}=`);

export const accepted = [
  accept("as the server signs it", withToken(signedToken())),
  accept("not escaped", withToken(signed)),
  accept("escaped in lower case", withToken(signedToken().replace(/%../g, (code) => code.toLowerCase()))),
  ...["a.b.c", '\u00e9\u{1f600} ;,"', "constructor"].map((odd) =>
    accept(`the token ${odd}`, cookies(seal("compact", ofToken(odd)), signedToken(odd))),
  ),
  accept("signed with an older secret that is accepted", withToken(signedToken()), { options: { ...rotated, acceptOldSecrets: true } }),
];

const malformed = {
  "without a signature": TOKEN,
  "with an empty signature": `${TOKEN}.`,
  "empty before its signature": signValue(""),
  "a dot": ".",
  "a signature alone": signature,
  "its signature cut by one": signed.slice(0, -1),
  "its signature cut by four": signed.slice(0, -4),
  "its signature without padding": signed.replace(/=$/, ""),
  "its signature longer": `${signed}=`,
  "its signature with a blank before it": `${TOKEN}. ${signature}`,
  "its signature in base64url": `${TOKEN}.${"-_".repeat(21)}A=`,
  "its signature in hex": `${TOKEN}.${hmac(TOKEN, "hex")}`,
  "its signature spelled otherwise": `${TOKEN}.${spelled}`,
  "its signature in letters of another script": `${TOKEN}.${"\u0410".repeat(22)}`,
  "longer than 4096 bytes, signed well": signValue("x".repeat(4096)),
};

const forged = {
  "signed with another secret": signValue(TOKEN, OTHER_SECRET),
  "signed with an empty secret": signValue(TOKEN, ""),
  "another one's signature": `${TOKEN}.${hmac("another", "base64")}`,
  "its first letter changed": `w${signed.slice(1)}`,
  "in upper case": `${TOKEN.toUpperCase()}.${signature}`,
  "cut by a letter": `${TOKEN.slice(0, -1)}.${signature}`,
  "with a NUL": `${TOKEN}\0.${signature}`,
  "a signature of zeros": `${TOKEN}.${Buffer.alloc(32).toString("base64")}`,
  "a signature of 33 bytes": `${TOKEN}.${Buffer.alloc(33).toString("base64")}`,
  "a signature of 31 bytes": `${TOKEN}.${Buffer.alloc(31).toString("base64")}`,
  "escaped twice": encodeURIComponent(`${TOKEN}.`) + signature.replace(/^./, (first) => (first === "A" ? "B" : "A")),
};

export const rejected = [
  ...Object.entries(malformed).map(([name, text]) => noSession(name, escaped(text), "token_malformed")),
  ...Object.entries(forged).map(([name, text]) => noSession(name, escaped(text), "token_bad_signature")),
  noSession("escaped twice, as a whole", withToken(encodeURIComponent(encodeURIComponent(signed))), "token_malformed"),
  noSession("a broken escape", withToken(`${signedToken()}%`), "token_malformed"),
  noSession("a quotation mark inside", withToken(`${TOKEN}"${signature}`), "token_malformed"),
  noSession("a lone surrogate", withToken(`\ud800${signedToken()}`), "token_malformed"),
  stale("signed with an older secret", withToken(signedToken()), "stale_secret", { options: rotated }),
  stale("another token's cache", cookies(seal("compact", ofToken(`${TOKEN}x`))), "token_mismatch"),
  stale("another token's cache, in upper case", cookies(seal("compact", ofToken(TOKEN.toUpperCase()))), "token_mismatch"),
  stale("a cache minted before the rotation", cookies(value, signedToken(TOKEN, OTHER_SECRET)), "stale_secret", { options: rotated }),
  stale("a cache that ended a millisecond ago", cookies(seal("compact", undefined, { expiresAt: NOW - 1 })), "cache_expired"),
];
