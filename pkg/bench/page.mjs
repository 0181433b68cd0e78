// Inside a page: the race of Node, less node:crypto.
import { getCookieCache } from "better-auth/cookies";
import { createVerifier } from "better-session";
import { race } from "./rounds.mjs";

globalThis.raceAll = async (samples) => {
  const results = [];
  for (const { strategy, secret, header } of samples) {
    const verifier = createVerifier({ secret, session: { cookieCache: { enabled: true, strategy } } });
    const request = { get: (name) => (name === "cookie" ? header : null) }; // a page's Headers hold no cookie
    const theirs = () => getCookieCache(request, { secret, strategy, isSecure: false });
    if (verifier.verify(header).status !== "authenticated" || !(await theirs())) throw new Error(`refused: ${strategy}`);
    results.push({ strategy, times: await race({ verify: () => verifier.verify(header), getCookieCache: theirs }) });
  }
  return results;
};
