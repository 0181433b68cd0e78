// Builds the vectors of a verdict file and their cookies.

import { signedToken, TOKEN } from "./seal.mjs";

export const TOKEN_NAME = "better-auth.session_token";
export const DATA_NAME = "better-auth.session_data";

/** Returns a `Cookie` header with a valid token and the cache value `data`. */
export const cookies = (data, token = signedToken()) => `${TOKEN_NAME}=${token}; ${DATA_NAME}=${data}`;

/** Returns a short notation for `text` repeated `times`. */
export const repeat = (text, times) => ({ repeat: text, times });

/** Returns a vector that must be accepted. `more` has the `scheme` of the request, the expected `strategy`, `raw` with the expected texts of `session` and `user`, and `options` that replace those of the file. */
export const accept = (name, cookie, more = {}) => ({ name, cookie, ...more });

const STATUS = { token: "unauthenticated", cache: "stale" };
const refuse =
  (status) =>
  (name, cookie, reason, more = {}) => ({ name, cookie, status, reason, ...(status === STATUS.cache ? { token: TOKEN } : {}), ...more });

/** Returns a vector without a valid session token. */
export const noSession = refuse(STATUS.token);

/** Returns a vector with a valid token and an unusable cache. `cookie` is the whole header. */
export const stale = refuse(STATUS.cache);

/** Returns a vector with a valid token and the unusable cache value `value`. */
export const staleCache = (name, value, reason, more) => stale(name, cookies(value), reason, more);
