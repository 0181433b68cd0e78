// What the servers and the Worker of the demo must agree on. Both sides import this file, as a team would share its own.

export const STRATEGIES = ["compact", "jwt", "jwe"];

/** Public on purpose, so that the page can show a cookie being opened. A real one never leaves the servers. */
export const SECRET = "the-demo-secret-is-public-never-do-this";

/** Better Auth's default is 300 s; half a minute lets a visitor see a cached copy run out. */
export const CACHE_SECONDS = 30;

/** The object that goes into `betterAuth({ session })`, and into the gate. */
export function sessionOptions(strategy) {
  return { cookieCache: { enabled: true, strategy, maxAge: CACHE_SECONDS } };
}
