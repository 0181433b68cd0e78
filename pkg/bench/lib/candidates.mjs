// The checks that are compared, for every runtime alike.

/** Distinct cookies for first sight: more than the memory of seen cookies holds. */
export const DISTINCT = 1200;

/**
 * Returns functions without arguments, by name, for one strategy. `of` are the functions of both builds and of better-auth;
 * `headersOf` makes what `getCookieCache` reads from the value of a Cookie header.
 */
export function candidates(of, { strategy, secret, header, others }, headersOf) {
  const options = { secret, session: { cookieCache: { enabled: true, strategy, maxAge: 86_400 } } };
  const v010 = of.v010.createVerifier(options);
  const first = of.today.createVerifier({ ...options, remember: false });
  const repeated = of.today.createVerifier(options);
  const config = { secret, strategy, isSecure: false };
  const same = headersOf(header);
  const distinct = others.map(headersOf);
  const next = () => {
    let at = 0;
    return () => distinct[(at = (at + 1) % distinct.length)];
  };
  const [one, two] = [next(), next()];
  return {
    v010: () => v010.verify(header),
    first: () => first.verify(header),
    repeated: () => repeated.verify(header),
    betterAuth: () => of.betterAuth.getCookieCache(same, config),
    v010Cache: () => of.v010.getCookieCache(same, config),
    cacheRepeated: () => of.today.getCookieCache(same, config),
    v010CacheFirst: () => of.v010.getCookieCache(one(), config),
    cacheFirst: () => of.today.getCookieCache(two(), config),
  };
}

/** Throws if a candidate does not accept its cookie. */
export async function assertAccepted(all) {
  for (const [name, run] of Object.entries(all)) {
    const result = await run();
    if (!result || ("status" in result && result.status !== "authenticated")) throw new Error(`${name} refused its cookie`);
  }
}
