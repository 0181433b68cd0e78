// Where the package differs from the latest Better Auth on purpose. Every entry must occur, and nothing else may.

/** Server accepts, `verify` does not: the origin is asked instead, so nobody is locked out. */
export const STRICTER_THAN_GET_SESSION = {
  "base64 in one spelling only": /^data: (character \d+ changed, unused bits|followed by (A|=|==|%20)|padded|standard base64 alphabet)$/,
  "two values under one name are ambiguous": /^twice: (another token last|other data last|empty data last)$/,
  "chunks are complete, numbered from 0, each there once": /^chunks: (a gap, nothing lost|numbered from one|a word|repeated, the same|an empty one at the end)$/,
  "JSON no deeper than the stated bound": /^signed: deep user$/,
  "a token without exp, which no server mints": /^signed: no exp$/,
  "crit is refused, whatever it names": /^signed: crit$/,
};

/** The original reads a cache that ours refuses: `null` there means the middleware asks the origin. */
export const STRICTER_THAN_COOKIE_CACHE = {
  ...pick("base64 in one spelling only", "JSON no deeper than the stated bound", "a token without exp, which no server mints", "crit is refused, whatever it names"),
};

/** The original throws; ours answers null. */
export const NEVER_THROWS = "a malformed cookie is null, never a throw";

function pick(...names) {
  return Object.fromEntries(names.map((name) => [name, STRICTER_THAN_GET_SESSION[name]]));
}
