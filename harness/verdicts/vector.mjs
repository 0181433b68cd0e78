// One case of a verdict file, and the cookies that most of them have.

import { signedToken, TOKEN } from "./seal.mjs";

export const TOKEN_NAME = "better-auth.session_token";
export const DATA_NAME = "better-auth.session_data";

/** A `Cookie` header with a genuine token and `data` as its cache. */
export const cookies = (data, token = signedToken()) => `${TOKEN_NAME}=${token}; ${DATA_NAME}=${data}`;

/** `count` times `text`, written short in the file. */
export const repeat = (text, times) => ({ repeat: text, times });

/** `more`: `scheme` of the request; `strategy` that must come out; `raw`, texts of the `session` and `user` that must; `options` in the place of the file's own. */
export const accept = (name, cookie, more = {}) => ({ name, cookie, ...more });

const STATUS = { token: "unauthenticated", cache: "stale" };
const refuse = (status) => (name, cookie, reason, more = {}) => ({ name, cookie, status, reason, ...(status === STATUS.cache ? { token: TOKEN } : {}), ...more });

/** Not a session at all. */
export const noSession = refuse(STATUS.token);

/** A genuine token whose cache cannot answer. `cookie` is a whole header. */
export const stale = refuse(STATUS.cache);

/** As `stale`, with `value` as the cache beside the genuine token. */
export const staleCache = (name, value, reason, more) => stale(name, cookies(value), reason, more);
