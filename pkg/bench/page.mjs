// The part of the benchmark that runs inside a page: verify and getCookieCache.
import { getCookieCache } from "better-auth/cookies";
import { createVerifier } from "better-session";
import { benchmark } from "./rounds.mjs";

globalThis.benchmarkAll = async (samples) => {
  const results = [];
  for (const { strategy, secret, header } of samples) {
    const verifier = createVerifier({ secret, session: { cookieCache: { enabled: true, strategy } } });
    const request = { get: (name) => (name === "cookie" ? header : null) }; // in a page, Headers cannot have a cookie
    const theirs = () => getCookieCache(request, { secret, strategy, isSecure: false });
    if (verifier.verify(header).status !== "authenticated" || !(await theirs())) throw new Error(`refused: ${strategy}`);
    results.push({ strategy, times: await benchmark({ verify: () => verifier.verify(header), getCookieCache: theirs }) });
  }
  return results;
};
