// Caches that a server signed with the keys of its JWT plugin, for every runtime alike.
import { importJWK, jwtVerify } from "jose";

/** Returns functions without arguments, by name. `symmetric` is the sample of an HS256 cache. */
export async function keySetCandidates(createVerifier, { alg, jwk, secret, header, symmetric }) {
  const options = { secret, baseURL: "https://app.example", advanced: { useSecureCookies: false }, jwks: { keys: [jwk] } };
  const first = createVerifier({ ...options, remember: false });
  const repeated = createVerifier(options);
  const hs256 = createVerifier({ secret: symmetric.secret, session: { cookieCache: { enabled: true, strategy: "jwt" } } });
  const key = await importJWK(jwk, alg);
  const token = /session_data=([^;]+)/.exec(header)[1];
  const required = {
    algorithms: [alg],
    issuer: "https://app.example",
    audience: "better-auth:session-cache",
    typ: "better-auth.session-cache+jwt",
  };
  return {
    jose: () => jwtVerify(token, key, required),
    first: () => first.verifyAsync(header),
    repeated: () => repeated.verifyAsync(header),
    hs256: () => hs256.verifyAsync(symmetric.header),
  };
}

/** Throws if a candidate does not accept its cookie. */
export async function assertValid(all) {
  for (const [name, run] of Object.entries(all)) {
    const result = await run();
    if (name === "jose" ? !result.payload : result.status !== "authenticated")
      throw new Error(`${name} refused its cookie: ${result.reason}`);
  }
}
