// Mints cookies with the package, for tests that need no account at the origin.
import { createHmac } from "node:crypto";
import { createVerifier } from "better-session";
import { SECRET } from "../../../harness/origin.mjs";

export const TOKEN = "Zk3s9QxT1mVb7LpR4wYc8HdJ2nGf6AeU";

/** Returns a `Cookie` header with a signed token and a cache. `at` is the time of minting; members are merged into the defaults. */
export function cookieHeader({ secret = SECRET, session = {}, user = {}, at = Date.now(), options = {} } = {}) {
  const verifier = createVerifier({ secret, session: { cookieCache: { enabled: true } }, ...options });
  const dates = { createdAt: new Date(at), updatedAt: new Date(at) };
  const who = { id: "u1", name: "Ada Lovelace", email: "ada@example.com", emailVerified: false, image: null, ...dates, ...user };
  const what = {
    id: "s1",
    token: TOKEN,
    userId: who.id,
    expiresAt: new Date(at + 6e8),
    ipAddress: "",
    userAgent: "test",
    ...dates,
    ...session,
  };
  const value = verifier.mint({ session: what, user: who }, { at });
  return `${tokenPair(what.token, secret)}; better-auth.session_data=${value}`;
}

/** Returns the cookie of the session token alone. */
export function tokenPair(token = TOKEN, secret = SECRET) {
  const signature = createHmac("sha256", secret).update(token).digest("base64");
  return `better-auth.session_token=${encodeURIComponent(`${token}.${signature}`)}`;
}
