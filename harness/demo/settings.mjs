// Settings that the servers and the Workers of the demo share.

export const STRATEGIES = ["compact", "jwt", "jwe"];

/** Public, so that the page can decrypt cookies. A real secret must not leave the servers. */
export const SECRET = "the-demo-secret-is-public-never-do-this";

/** Lifetime of a cached session. Better Auth's default is 300 s; this one is short enough to watch it expire. */
export const CACHE_SECONDS = 30;

/** Returns the `session` options of Better Auth and of the gate. */
export function sessionOptions(strategy) {
  return { cookieCache: { enabled: true, strategy, maxAge: CACHE_SECONDS } };
}
