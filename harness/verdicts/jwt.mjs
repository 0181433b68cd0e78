// Vectors for caches of the jwt strategy, and for other tokens of the same form.

import { createPublicKey, createPrivateKey, sign as signWith } from "node:crypto";
import { accept, cookies, staleCache } from "./vector.mjs";
import { foreignTokens } from "./other-implementations.mjs";
import { base64url, hmac, jwt, OTHER_SECRET, payloadText, seal, SECONDS } from "./seal.mjs";
import { nonCanonical } from "./non-canonical.mjs";

export const about = "jwt caches (RFC 7515, 7519): algorithms, extensions, registered claims, other tokens of the same secret";

const text = payloadText();
const claims = (more) => payloadText({}, `,"iat":${SECONDS}${more}`);
const good = claims(`,"exp":${SECONDS + 300}`);
const withHeader = (header, more) => jwt(good, { header, ...more });
const value = seal("jwt");
const [head, body, signature] = value.split(".");

/** A key of a server with the JWT plugin. Attackers know its public key. */
const ed25519 = createPrivateKey({
  key: { kty: "OKP", crv: "Ed25519", d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" },
  format: "jwk",
});
const pem = createPublicKey(ed25519).export({ type: "spki", format: "pem" });
const eddsa = (header) => {
  const input = `${base64url(header)}.${base64url(good)}`;
  return `${input}.${signWith(null, Buffer.from(input), ed25519).toString("base64url")}`;
};

export const accepted = [
  accept("as the server signs it", cookies(value), { strategy: "jwt" }),
  accept("typ and kid beside alg", cookies(withHeader('{"typ":"JWT","alg":"HS256","kid":"anything"}'))),
  accept("zip, which means nothing in a signature", cookies(withHeader('{"alg":"HS256","zip":"DEF"}'))),
  accept(
    "keys offered in the header, not used",
    cookies(withHeader('{"alg":"HS256","jku":"https://example.com/jwks","jwk":{"kty":"oct","k":"AAAA"},"x5u":"https://example.com"}')),
  ),
  accept("its last second", cookies(jwt(claims(`,"exp":${SECONDS + 1}`)))),
  accept("valid from now", cookies(jwt(claims(`,"exp":${SECONDS + 300},"nbf":${SECONDS}`)))),
  accept("issued in the future", cookies(jwt(payloadText({}, `,"iat":${SECONDS + 999},"exp":${SECONDS + 999}`)))),
];

const malformed = {
  "alg none under a good signature": withHeader('{"alg":"none"}'),
  "alg RS256 under a good HS256 signature": withHeader('{"alg":"RS256"}'),
  "alg HS512 under a good HS256 signature": withHeader('{"alg":"HS512"}'),
  "alg in lower case": withHeader('{"alg":"hs256"}'),
  "alg a list": withHeader('{"alg":["HS256"]}'),
  "alg null": withHeader('{"alg":null}'),
  "no alg": withHeader("{}"),
  "alg twice, the last one none": withHeader('{"alg":"HS256","alg":"none"}'),
  "alg with an escaped NUL": withHeader('{"alg":"HS256\\u0000"}'),
  "alg inherited": withHeader('{"__proto__":{"alg":"HS256"}}'),
  "crit of a registered claim": withHeader('{"alg":"HS256","crit":["exp"],"exp":1}'),
  "crit b64": withHeader('{"alg":"HS256","crit":["b64"],"b64":true}'),
  "crit b64, not encoded": withHeader('{"alg":"HS256","crit":["b64"],"b64":false}'),
  "crit empty": withHeader('{"alg":"HS256","crit":[]}'),
  "crit null": withHeader('{"alg":"HS256","crit":null}'),
  "a header that is a list": withHeader('["HS256"]'),
  "a header that is text": withHeader('"HS256"'),
  "a header that is cut": withHeader('{"alg":"HS256"'),
  "a header with something behind": withHeader('{"alg":"HS256"}{}'),
  "a header with a byte order mark": withHeader('\ufeff{"alg":"HS256"}'),
  "a header of bytes that are no UTF-8": withHeader(Buffer.from('{"alg":"HS256","x":"\u00ff"}', "latin1")),
  "a header of 3 kB": withHeader(`{"alg":"HS256","x":"${"x".repeat(3000)}"}`),
  "a header nested 100 deep": withHeader(`{"alg":"HS256","x":${"[".repeat(100)}${"]".repeat(100)}}`),
  "no header": jwt(good, { header: "" }),
  "no claims": jwt(""),
  "claims that are a list": jwt(`[${good}]`),
  "claims that are cut": jwt(good.slice(0, -1)),
  "claims with something behind": jwt(`${good}{}`),
  "claims of bytes that are no UTF-8": jwt(Buffer.from(good.replace("Ada", "A\u00ffa"), "latin1")),
  "no exp": jwt(claims("")),
  "exp as text": jwt(claims(`,"exp":"${SECONDS + 300}"`)),
  "exp null": jwt(claims(',"exp":null')),
  "exp beyond any number": jwt(claims(',"exp":1e400')),
  "nbf as text": jwt(claims(`,"exp":${SECONDS + 300},"nbf":"0"`)),
  "iat as text": jwt(payloadText({}, `,"iat":"${SECONDS}","exp":${SECONDS + 300}`)),
  "a compact cache's payload in two segments": `${base64url(text)}.${hmac(base64url(text), "base64url")}`,
};

const OF_KEY_SET = "EdDSA, as the JWT plugin signs";

const forged = {
  "alg none, without a signature": withHeader('{"alg":"none"}', { signature: "" }),
  "alg None, without a signature": withHeader('{"alg":"None"}', { signature: "" }),
  "alg HS256, without a signature": withHeader('{"alg":"HS256"}', { signature: "" }),
  "HS256 keyed with a public key, alg HS256": withHeader('{"alg":"HS256"}', { secret: pem }),
  "HS256 keyed with a public key, alg RS256": withHeader('{"alg":"RS256"}', { secret: pem }),
  "HS256 keyed with a public key, alg EdDSA": withHeader('{"alg":"EdDSA"}', { secret: pem }),
  "HS256 keyed with the key in its header": withHeader('{"alg":"HS256","jwk":{"kty":"oct","k":"AAAA"}}', { secret: Buffer.alloc(3) }),
  [OF_KEY_SET]: eddsa('{"alg":"EdDSA","typ":"better-auth.session-cache+jwt","kid":"k1"}'),
  "another secret's": seal("jwt", text, { secret: OTHER_SECRET }),
  "an empty secret's": seal("jwt", text, { secret: "" }),
  "a foreign kid and its key": withHeader('{"alg":"HS256","kid":"../../dev/null"}', { secret: "\0" }),
  "a longer window under the old signature": [head, base64url(good.replace(String(SECONDS + 300), String(SECONDS + 900))), signature].join(
    ".",
  ),
  "another header under the old signature": [base64url('{"alg":"HS256","typ":"JWT"}'), body, signature].join("."),
  "header and claims exchanged": [body, head, signature].join("."),
  "no claims under the old signature": `${head}..${signature}`,
  "no header under the old signature": `.${body}.${signature}`,
  "dots alone": "..",
};

/** Names of the changes that invalidate the signature: it covers the base64 text and is checked before decoding. */
const FORGED = [
  "one character more",
  "a line break in its middle, escaped",
  "a plus sign in it",
  "a slash in it",
  "a letter of another script in it, escaped",
];

export const rejected = [
  ...Object.entries(malformed).map(([name, odd]) => staleCache(name, odd, "cache_malformed")),
  ...Object.entries(forged).map(([name, odd]) => staleCache(name, odd, name === OF_KEY_SET ? "unknown_key" : "cache_bad_signature")),
  ...nonCanonical(value).map(([name, odd, reason]) =>
    staleCache(name, odd, FORGED.includes(name) ? "cache_bad_signature" : (reason ?? "cache_malformed")),
  ),
  staleCache("a second late", jwt(claims(`,"exp":${SECONDS}`)), "cache_expired"),
  staleCache("long past", jwt(claims(',"exp":0')), "cache_expired"),
  staleCache("below nothing", jwt(claims(',"exp":-1e300')), "cache_expired"),
  staleCache("a second early", jwt(claims(`,"exp":${SECONDS + 300},"nbf":${SECONDS + 1}`)), "cache_expired"),
  ...(await foreignTokens()).map(([name, odd, reason]) => staleCache(name, odd, reason)),
];
