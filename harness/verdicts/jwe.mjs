// Vectors for caches of the jwe strategy.

import { accept, cookies, staleCache } from "./vector.mjs";
import { withoutKid } from "./other-implementations.mjs";
import {
  base64url,
  contentKey,
  IV,
  jwe,
  jweGcm,
  NOW,
  OPTIONS,
  OTHER_SECRET,
  payloadText,
  seal,
  SECONDS,
  SECRET,
  thumbprint,
} from "./seal.mjs";
import { nonCanonical } from "./non-canonical.mjs";

export const about = "jwe caches (RFC 7516, 7518 §5.2.5): headers, keys, lengths, tags, padding";

const claims = (more) => payloadText({}, `,"iat":${SECONDS}${more},"jti":"07070707-0707-4707-8707-070707070707"`);
const good = claims(`,"exp":${SECONDS + 300}`);
const value = jwe(good);
const key = contentKey();
const kid = thumbprint(key);
const [head, , iv, text, tag] = value.split(".");
const join = (...parts) => parts.join(".");
const cut = (part, bytes) => base64url(Buffer.from(part, "base64url").subarray(0, bytes));
const sealedWith = (members) => jwe(good, { header: `{${members}}` });
const DIR = '"alg":"dir","enc":"A256CBC-HS512"';
const rotated = {
  ...OPTIONS,
  secret: undefined,
  secrets: [
    { version: 2, value: OTHER_SECRET },
    { version: 1, value: SECRET },
  ],
};
const swapped = Buffer.concat([key.subarray(32), key.subarray(0, 32)]);
const blocks = (text, end) =>
  Buffer.concat([Buffer.from(text.padEnd(Math.ceil((text.length + 1) / 16) * 16 - end.length)), Buffer.from(end)]);

export const accepted = [
  accept("as the server encrypts it", cookies(value), { strategy: "jwe" }),
  accept("without a kid", cookies(sealedWith(DIR))),
  accept("a typ beside", cookies(sealedWith(`${DIR},"kid":"${kid}","typ":"JWT"`))),
  accept(
    "keys offered in the header, not used",
    cookies(sealedWith(`${DIR},"kid":"${kid}","jwk":{"kty":"oct","k":"AAAA"},"epk":{},"apu":"AAAA"`)),
  ),
  accept("without a jti", cookies(jwe(good.replace(/,"jti".*/, "}")))),
  accept("its last second", cookies(jwe(claims(`,"exp":${SECONDS}`)))),
  accept("valid in fifteen seconds, which the server tolerates", cookies(jwe(claims(`,"exp":${SECONDS + 300},"nbf":${SECONDS + 15}`)))),
  accept("an older secret's, accepted", cookies(value, undefined), { options: { ...rotated, acceptOldSecrets: true } }),
];

const malformed = {
  "alg none": sealedWith(`"alg":"none","enc":"A256CBC-HS512","kid":"${kid}"`),
  "alg A256KW": sealedWith(`"alg":"A256KW","enc":"A256CBC-HS512","kid":"${kid}"`),
  "alg PBES2 with two thousand million rounds": sealedWith(
    `"alg":"PBES2-HS512+A256KW","p2c":2147483647,"p2s":"AAAA","enc":"A256CBC-HS512","kid":"${kid}"`,
  ),
  "alg of a signature": sealedWith(`"alg":"HS256","enc":"A256CBC-HS512","kid":"${kid}"`),
  "no alg": sealedWith(`"enc":"A256CBC-HS512","kid":"${kid}"`),
  "enc A128CBC-HS256": sealedWith(`"alg":"dir","enc":"A128CBC-HS256","kid":"${kid}"`),
  "enc A256GCM over CBC": sealedWith(`"alg":"dir","enc":"A256GCM","kid":"${kid}"`),
  "enc A256GCM under half of the key": jweGcm(good),
  "no enc": sealedWith(`"alg":"dir","kid":"${kid}"`),
  "zip DEF": sealedWith(`${DIR},"kid":"${kid}","zip":"DEF"`),
  "zip null": sealedWith(`${DIR},"kid":"${kid}","zip":null`),
  "crit": sealedWith(`${DIR},"kid":"${kid}","crit":["exp"],"exp":1`),
  "crit empty": sealedWith(`${DIR},"kid":"${kid}","crit":[]`),
  "a header that is a list": jwe(good, { header: "[]" }),
  "a header that is no JSON": jwe(good, { header: "{" }),
  "a header of 3 kB": sealedWith(`${DIR},"kid":"${kid}","x":"${"x".repeat(3000)}"`),
  "an encrypted key": join(head, base64url(key), iv, text, tag),
  "an IV of 15 bytes": join(head, "", cut(iv, 15), text, tag),
  "an IV of 12 bytes": join(head, "", cut(iv, 12), text, tag),
  "an IV of 17 bytes": jwe(good, { iv: Buffer.concat([IV, Buffer.alloc(1)]) }),
  "no IV": join(head, "", "", text, tag),
  "a tag of 16 bytes, its beginning": jwe(good, { tag: (full) => full.subarray(0, 16) }),
  "a tag of 31 bytes, its beginning": jwe(good, { tag: (full) => full.subarray(0, 31) }),
  "a tag of 64 bytes, all of the HMAC": jwe(good, { tag: (full) => full }),
  "no tag": join(head, "", iv, text, ""),
  "dots alone": "....",
  "five dots": `${value}.`,
  "plaintext that is no JSON": jwe("x".repeat(900)),
  "plaintext that is cut": jwe(good.slice(0, -1)),
  "plaintext that is compressed": jwe(Buffer.alloc(900, 0x78)),
  "plaintext of bytes that are no UTF-8": jwe(Buffer.from(good.replace("Ada", "A\u00ffa"), "latin1")),
  "no plaintext": jwe(""),
  "no exp": jwe(claims("")),
  "exp as text": jwe(claims(`,"exp":"${SECONDS + 300}"`)),
  "nbf as text": jwe(claims(`,"exp":${SECONDS + 300},"nbf":"1"`)),
};

const forged = {
  "no ciphertext": join(head, "", iv, "", tag),
  "one block of ciphertext": join(head, "", iv, cut(text, 16), tag),
  "a block less": join(head, "", iv, cut(text, Buffer.from(text, "base64url").length - 16), tag),
  "a byte of ciphertext less": join(head, "", iv, cut(text, Buffer.from(text, "base64url").length - 1), tag),
  "another IV": join(head, "", base64url(Buffer.alloc(16)), text, tag),
  "a tag of zeros": jwe(good, { tag: () => Buffer.alloc(32) }),
  "the other half of the HMAC": jwe(good, { tag: (full) => full.subarray(32) }),
  "the kid's own header spelled otherwise": join(base64url(`{${DIR}, "kid":"${kid}"}`), "", iv, text, tag),
  "the same without its kid": join(base64url(`{${DIR}}`), "", iv, text, tag),
  "the halves of the key exchanged": jwe(good, { key: swapped, kid }),
  "a good tag over a padding of nothing": jwe(blocks(good, "\0"), { padded: false }),
  "a good tag over a padding of 17": jwe(blocks(good, "\x11"), { padded: false }),
  "a good tag over a padding that is not even": jwe(blocks(good, "\x01\x02\x03"), { padded: false }),
  "account data, tried without a kid": withoutKid(contentKey(SECRET, "better-auth-account")),
  "another secret's, tried without a kid": jwe(good, { secret: OTHER_SECRET, header: `{${DIR}}` }),
  "our kid on another secret's": jwe(good, { secret: OTHER_SECRET, kid }),
};

const unknown = {
  "another secret's": seal("jwe", undefined, { secret: OTHER_SECRET }),
  "a kid that is nobody's": sealedWith(`${DIR},"kid":"AAAA"`),
  "an empty kid": sealedWith(`${DIR},"kid":""`),
  "null as kid": sealedWith(`${DIR},"kid":null`),
  "a list as kid": sealedWith(`${DIR},"kid":["${kid}"]`),
  "our kid, then another": sealedWith(`${DIR},"kid":"${kid}","kid":"x"`),
};

export const rejected = [
  ...Object.entries(malformed).map(([name, odd]) => staleCache(name, odd, "cache_malformed")),
  ...Object.entries(forged).map(([name, odd]) => staleCache(name, odd, "cache_bad_signature")),
  ...Object.entries(unknown).map(([name, odd]) => staleCache(name, odd, "unknown_key")),
  ...nonCanonical(value).map(([name, odd, reason]) => staleCache(name, odd, reason ?? "cache_malformed")),
  staleCache("ended, within the reader's tolerance", jwe(claims(`,"exp":${SECONDS - 1}`)), "cache_expired"),
  staleCache("ended long ago", jwe(claims(',"exp":1')), "cache_expired"),
  staleCache("valid in sixteen seconds", jwe(claims(`,"exp":${SECONDS + 300},"nbf":${SECONDS + 16}`)), "cache_expired"),
  staleCache("an older secret's", seal("jwe", undefined, { secret: SECRET }), "stale_secret", { options: rotated }),
];
