// Verifies a cookie in this tab, with the WebAssembly verifier. Sends nothing.

import { core } from "./core.js";
import { cookieParts } from "./cookie-parts.js";

const STRATEGIES = ["compact", "jwt", "jwe"];

/** Parses and verifies `text`, a Cookie header value or a single `session_data` value. Without a secret it only decodes. */
export async function readCookie(text, secret, strategies = STRATEGIES) {
  const { createVerifier, decode } = await core();
  const cookie = cookieParts(text);
  const decoded = decode(cookie.data);
  if (!secret) return { ...cookie, decoded, result: null };

  // #snippet A verdict, in the browser
  const verifier = createVerifier({
    secret,
    session: { cookieCache: { enabled: true, strategy: strategies } },
    advanced: { cookiePrefix: cookie.prefix ?? undefined },
  });
  const verify = () =>
    cookie.bare
      ? verifier.open(cookie.data) // { ok, session, user, … }
      : verifier.verify(text); // { status, session, user, … }
  // #end

  const result = verify();
  return { ...cookie, decoded, result, verify, sizes: sizes(verifier, result) };
}

/** Returns the length of the session's cache value in each format, minted here as the server would. */
function sizes(verifier, { session, user }) {
  if (!session) return null;
  return Object.fromEntries(STRATEGIES.map((strategy) => [strategy, verifier.mint({ session, user }, { strategy }).length]));
}
