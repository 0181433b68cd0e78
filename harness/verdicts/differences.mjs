// Intended differences between `verify` and the latest published `getCookieCache`, by reason. The test requires exactly
// these. A session that `verify` refuses is looked up at the origin, so no user is signed out.

export const DIFFERENCES = {
  "the token is bound to its cache, as get-session does it; getCookieCache has no token": [
    "token: another token's cache",
    "token: another token's cache, in upper case",
    ...each("payload: another session's", "payload: an empty token"),
    "payload: a token twice, the last one another's, jwt",
    "payload: a token twice, the last one another's, jwe",
  ],
  "a token and a cache of the two prefixes do not answer for each other": [
    "prefix: a __Secure- token, a plain cache, no scheme, nothing configured",
    "prefix: a plain token, a __Secure- cache, no scheme, nothing configured",
  ],
  "two values under one name are ambiguous: the server's two parsers take different ones": ["header: two caches, the other one first"],
  "chunks are complete, numbered from 0, each there once": [
    "header: chunks numbered from one",
    "header: a chunk twice",
    "header: an empty chunk at the end",
    'header: chunks and one numbered " 0"',
    'header: chunks and one numbered "\u0660"',
    'header: chunks and one numbered "__proto__"',
    "header: a hundred and one chunks",
    "header: a chunk numbered 99 alone",
  ],
  "compact: the bytes as received are authenticated, not JSON that was parsed and written again (refused here)": [
    "white space before the envelope",
    "white space after it",
    "white space in the envelope",
    "members in another order",
    "a member after the signature",
    "an escape in the signature",
    "a byte order mark",
    "a letter escaped",
    "white space in the payload",
    "a member twice",
    "its session as text",
    "a window with a fraction",
  ].map((name) => `compact: ${name}`),
  "compact: the same, the other way round (accepted here; only who has the secret can make one)": [
    "compact: members named as the envelope's",
    "compact: white space inside, signed so",
    "payload: numbers of four hundred digits, compact",
    "payload: a token twice, the last one ours, compact",
    "payload: the user twice, the last one ours, compact",
    "payload: escaped names, compact",
  ],
  "base64url in one spelling: no padding, no blanks, no bits unused": [
    "compact: a signature with padding",
    "compact: a signature spelled otherwise",
    "compact: padded",
    "compact: padded twice",
    "jwt: padded",
    "jwt: a blank at its end, escaped",
    "jwe: padded",
    "jwe: a blank at its end, escaped",
    "jwe: a line break in its middle, escaped",
  ],
  "bounds: JSON 64 deep, JOSE headers 2048 characters": [
    ...each("payload: nested 63 deep", "payload: objects nested 100 deep"),
    "jwt: a header of 3 kB",
    "jwt: a header nested 100 deep",
    "jwe: a header of 3 kB",
  ],
  "no extension is understood, whatever it is": ["jwt: crit b64"],
  "a header is JSON from its first byte": ["jwt: a header with a byte order mark"],
  "a window is a number that a Date can hold": ["jwt: no exp", "jwt: exp beyond any number", "jwe: no exp"],
  "no tolerance for a cache's end, as in get-session": ["jwe: ended, within the reader's tolerance"],
  "nothing is inherited: __proto__ is a member like any other": [
    "payload: a session that is inherited, jwt",
    "payload: a session that is inherited, jwe",
    ...each("payload: a token that is inherited"),
  ],
};

function each(...names) {
  return names.flatMap((name) => ["compact", "jwt", "jwe"].map((strategy) => `${name}, ${strategy}`));
}
