// Reads a cookie in this tab. Nothing is sent: the verifier is WebAssembly, and it has no way out.

import { core } from "./core.js";
import { cookieParts } from "./cookie-parts.js";

const STRATEGIES = ["compact", "jwt", "jwe"];

/** `text` is a Cookie header's value or a bare `session_data`; without a secret only what is readable without one. */
export async function readCookie(text, secret, strategies = STRATEGIES) {
  const { createVerifier, decode } = await core();
  const cut = cookieParts(text);
  const decoded = decode(cut.data);
  if (!secret) return { ...cut, decoded, answer: null };

  // #snippet A verdict, in the browser
  const verifier = createVerifier({
    secret,
    session: { cookieCache: { enabled: true, strategy: strategies } },
    advanced: { cookiePrefix: cut.prefix ?? undefined },
  });
  const answer = cut.bare
    ? verifier.open(cut.data)  // { ok, session, user, … }
    : verifier.verify(text);   // { status, session, user, … }
  // #end

  return { ...cut, decoded, answer, again: () => (cut.bare ? verifier.open(cut.data) : verifier.verify(text)), sizes: sizes(verifier, answer) };
}

/** How long the copy would be in each format: minted here, as the server would. */
function sizes(verifier, { session, user }) {
  if (!session) return null;
  return Object.fromEntries(STRATEGIES.map((strategy) => [strategy, verifier.mint({ session, user }, { strategy }).length]));
}
