// Intended differences between the package and the latest Better Auth. The test fails if one does not occur or another one does.

/** Accepted by the server, but not by `verify`: the session is looked up at the origin instead, so no user is signed out. */
export const STRICTER_THAN_GET_SESSION = {
  "base64 in one spelling only": /^data: (character \d+ changed, unused bits|followed by (A|=|==|%20)|padded|standard base64 alphabet)$/,
  "two values under one name are ambiguous": /^twice: (another token last|other data last|empty data last)$/,
  "chunks are complete, numbered from 0, each there once":
    /^chunks: (a gap, nothing lost|numbered from one|a word|repeated, the same|an empty one at the end)$/,
  "JSON no deeper than the stated bound": /^signed: deep user$/,
  "a token without exp, which no server mints": /^signed: no exp$/,
  "crit is refused, whatever it names": /^signed: crit$/,
};

/** Accepted by the original `getCookieCache`, but `null` from ours: the middleware then looks the session up at the origin. */
export const STRICTER_THAN_COOKIE_CACHE = {
  ...pick(
    "base64 in one spelling only",
    "JSON no deeper than the stated bound",
    "a token without exp, which no server mints",
    "crit is refused, whatever it names",
  ),
};

/** The original throws, ours returns null. */
export const NEVER_THROWS = "a malformed cookie is null, never a throw";

function pick(...names) {
  return Object.fromEntries(names.map((name) => [name, STRICTER_THAN_GET_SESSION[name]]));
}
