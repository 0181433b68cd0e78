// The part of the benchmark that runs inside a Worker: makes the requested number of calls.
import { getCookieCache } from "better-auth/cookies";
import { createVerifier } from "better-session";

export default {
  async fetch(request) {
    const { reader, sample, calls } = await request.json();
    const { strategy, secret, header } = sample;
    const headers = new Headers({ cookie: header });
    const verifier = createVerifier({ secret, session: { cookieCache: { enabled: true, strategy } } });
    let accepted = 0;
    for (let i = 0; i < calls; i++) {
      if (reader === "verify") accepted += verifier.verify(header).status === "authenticated" ? 1 : 0;
      else accepted += (await getCookieCache(headers, { secret, strategy, isSecure: false })) ? 1 : 0;
    }
    return new Response(accepted === calls ? "ok" : `${accepted} of ${calls}`);
  },
};
