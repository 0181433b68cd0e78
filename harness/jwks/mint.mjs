// Mints caches with real servers whose JWT plugin signs them, one for each algorithm.

import { getSession, signUp, startOrigin } from "../origin.mjs";
import { OLD_SECRET, SECRET } from "../mint/cases.mjs";

export const ALGORITHMS = ["EdDSA", "ES256", "ES512", "RS256", "PS256"];

/** Options of `startOrigin` for a server that signs session caches with `alg`. `jwt` are further options of the plugin. */
export function jwksOrigin(alg = "EdDSA", { jwks = {}, origin = {}, ...more } = {}) {
  return {
    plugins: async (betterAuth) => {
      const { jwt } = await betterAuth.plugin("jwt");
      return [jwt({ sessionCookieCache: true, jwks: { keyPairConfig: { alg }, ...jwks }, ...more })];
    },
    ...origin,
    session: { cookieCache: { enabled: true, strategy: "jwt" }, ...origin.session },
  };
}

/** Returns a vector for each algorithm. */
export async function mintAll() {
  const vectors = [];
  let version;
  for (const alg of ALGORITHMS) {
    const origin = await startOrigin({ ...jwksOrigin(alg), secret: SECRET });
    try {
      ({ version } = origin);
      const jar = await signUp(origin, { email: "ada@example.com", name: "Ada Lovelace", password: "correct horse battery staple" });
      const mintedAt = Date.now();
      const jwks = await (await fetch(`${origin.url}/api/auth/jwks`)).json();
      const { session, user } = await getSession(origin, jar.clone());
      vectors.push({
        name: alg,
        alg,
        issuer: origin.url,
        secret: SECRET,
        otherSecret: OLD_SECRET,
        jwks,
        mintedAt,
        cookieHeader: jar.header(),
        expect: { session, user },
      });
    } finally {
      await origin.close();
    }
  }
  const provenance = {
    what: `cookies and key sets of real Better Auth ${version} servers with jwt({ sessionCookieCache: true }), and what get-session answered`,
    how: "node harness/jwks.mjs mint",
    node: process.version,
  };
  return { provenance, vectors };
}
