// A page or server may wrap `crypto.subtle.verify`, for tracing. The bytes that it gets must be those that were judged, however late it reads them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createVerifier } from "../../dist/index.js";
import { publicJwk, signJws } from "../../../harness/jwks/keys.mjs";
import { SECRET, SESSION, USER, signedToken } from "../../../harness/verdicts/seal.mjs";

const ISSUER = "https://app.example";
const seconds = Math.floor(Date.now() / 1000);
const claims = {
  session: { ...SESSION, expiresAt: new Date(Date.now() + 6e8).toISOString() },
  user: { ...USER, role: "u" },
  updatedAt: Date.now(),
  version: "1",
  sid: SESSION.token,
  iat: seconds,
  exp: seconds + 300,
  iss: ISSUER,
  aud: "better-auth:session-cache",
  sub: USER.id,
};
const genuine = signJws(JSON.stringify(claims));
const [header, , signature] = genuine.split(".");
const edited = Buffer.from(JSON.stringify({ ...claims, user: { ...claims.user, role: "A" } })).toString("base64url");
const cookies = (cache) => `better-auth.session_token=${signedToken()}; better-auth.session_data=${cache}`;

test("a cache is verified as it was judged, if verify reads its bytes late", async (t) => {
  const verifier = createVerifier({ secret: SECRET, jwks: { keys: [publicJwk("ed")] }, issuer: ISSUER, remember: false });
  assert.equal((await verifier.verifyAsync(cookies(genuine))).status, "authenticated");
  const native = crypto.subtle.verify;
  t.mock.method(Object.getPrototypeOf(crypto.subtle), "verify", async function (...given) {
    await null;
    return native.apply(this, given);
  });
  for (let round = 0; round < 20; round++) {
    const forged = verifier.verifyAsync(cookies(`${header}.${edited}.${signature}`));
    const others = Array.from({ length: 4 }, () => verifier.verifyAsync(cookies(genuine)));
    assert.equal((await forged).reason, "cache_bad_signature");
    for (const other of await Promise.all(others)) assert.equal(other.status, "authenticated");
  }
});
