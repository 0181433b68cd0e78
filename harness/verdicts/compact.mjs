// Vectors for caches of the compact strategy.

import { accept, cookies, staleCache } from "./vector.mjs";
import { base64url, compact, hmac, NOW, OTHER_SECRET, payloadText, seal, SECONDS } from "./seal.mjs";
import { nonCanonical } from "./non-canonical.mjs";

export const about = "compact caches: envelope, signature, spelling";

const text = payloadText();
const value = compact(text);
const envelope = Buffer.from(value, "base64url").toString();
const ENDS = String(NOW + 300_000);
const changed = (change) => base64url(change(envelope));

export const accepted = [
  accept("as the server signs it", cookies(value), { strategy: "compact" }),
  accept("at its last millisecond", cookies(compact(text, { expiresAt: NOW }))),
  accept("members named as the envelope's", cookies(compact(payloadText({}, ',"expiresAt":1,"signature":"x"')))),
  accept("white space inside, signed so", cookies(compact(text.replace(/,"user"/, ' ,\n"user"')))),
];

const malformed = {
  "white space before the envelope": changed((text) => ` ${text}`),
  "white space after it": changed((text) => `${text}\n`),
  "white space in the envelope": changed((text) => text.replace(',"signature"', ', "signature"')),
  "members in another order": changed((text) => text.replace(/^\{("session":.*\}),("expiresAt":\d+)/, "{$2,$1")),
  "a member after the signature": changed((text) => text.replace(/}$/, ',"more":1}')),
  "a second signature": changed((text) => text.replace(/}$/, `,"signature":"${"A".repeat(43)}"}`)),
  "an escape in the signature": changed((text) =>
    text.replace(/"signature":"(.)/, (all, first) => `"signature":"\\u00${first.charCodeAt(0).toString(16)}`),
  ),
  "no signature": base64url(`{"session":${text},"expiresAt":${ENDS}}`),
  "an empty signature": base64url(`{"session":${text},"expiresAt":${ENDS},"signature":""}`),
  "null as signature": base64url(`{"session":${text},"expiresAt":${ENDS},"signature":null}`),
  "a signature of 31 bytes": base64url(`{"session":${text},"expiresAt":${ENDS},"signature":"${"A".repeat(42)}"}`),
  "a signature with padding": changed((text) => text.replace(/"}$/, '="}')),
  "a signature spelled otherwise": changed((text) => text.replace(/.(?="}$)/, (last) => String.fromCharCode(last.charCodeAt(0) + 1))),
  "no window": base64url(`{"session":${text},"signature":"${hmac(text, "base64url")}"}`),
  "null as window": compact(text, { expiresAt: null }),
  "text as window": compact(text, { expiresAt: `"${ENDS}"` }),
  "a window below nothing": compact(text, { expiresAt: -1 }),
  "a window with a fraction": compact(text, { expiresAt: `${ENDS}.5` }),
  "a window with an exponent": compact(text, { expiresAt: "1e300" }),
  "a window of forty digits": compact(text, { expiresAt: "9".repeat(40) }),
  "the payload alone": base64url(text),
  "no payload": base64url(`{"expiresAt":${ENDS},"signature":"${"A".repeat(43)}"}`),
  "a byte order mark": changed((text) => `\ufeff${text}`),
  "bytes that are no UTF-8": base64url(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(envelope)])),
  "base64 of base64": base64url(value),
  "nothing but zero bytes": base64url(Buffer.alloc(900)),
};

const forged = {
  "another secret's": compact(text, { secret: OTHER_SECRET }),
  "an empty secret's": compact(text, { secret: "" }),
  "another window under the old signature": changed((text) => text.replace(ENDS, String(NOW + 900_000))),
  "a zero before the window": changed((text) => text.replace(`"expiresAt":${ENDS}`, `"expiresAt":0${ENDS}`)),
  "another user under the old signature": changed((text) => text.replace("ada@", "eve@")),
  "a letter escaped": changed((text) => text.replace("Ada", "\\u0041da")),
  "a slash escaped": changed((text) => text.replace("test", "te\\/st")),
  "white space in the payload": changed((text) => text.replace(',"user"', ', "user"')),
  "a member more": changed((text) => text.replace(',"version"', ',"admin":true,"version"')),
  "a member twice": changed((text) => text.replace(',"version":"1"', ',"version":"1","version":"1"')),
  "a member less": changed((text) => text.replace('"image":null,', "")),
  "bytes that are no UTF-8 in the payload": base64url(Buffer.from(envelope.replace("Ada", "A\u00ffa"), "latin1")),
  "signed without its window": base64url(`{"session":${text},"expiresAt":${ENDS},"signature":"${hmac(text, "base64url")}"}`),
  "a signature of zeros": changed((text) => text.replace(/[^"]+(?="}$)/, "A".repeat(43))),
  "the signature of an HS256 token": changed((text) => text.replace(/[^"]+(?="}$)/, seal("jwt").split(".")[2])),
  "its session as text": changed((text) => text.replace('"session":{"session"', '"session":"x","session":{"session"')),
};

export const rejected = [
  ...Object.entries(malformed).map(([name, odd]) => staleCache(name, odd, "cache_malformed")),
  ...Object.entries(forged).map(([name, odd]) => staleCache(name, odd, "cache_bad_signature")),
  ...nonCanonical(value).map(([name, odd, reason]) =>
    staleCache(name, odd, reason ?? (name === "two dots at its end" ? "cache_bad_signature" : "cache_malformed")),
  ),
  staleCache("a millisecond late", compact(text, { expiresAt: NOW - 1 }), "cache_expired"),
  staleCache("its window in seconds", compact(text, { expiresAt: SECONDS }), "cache_expired"),
];
