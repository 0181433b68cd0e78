// The key pairs of the vectors for key sets, and signatures with them on node:crypto. Ed25519 and RS256 sign deterministically.

import { constants, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { base64url } from "../verdicts/seal.mjs";

/** Private keys that were made for the vectors, by `kid`. */
const PRIVATE = JSON.parse(readFileSync(new URL("private-keys.json", import.meta.url), "utf8"));

/** Returns the public JWK of a key, with `alg` and `kid` as a server publishes it. */
export function publicJwk(kid, more = {}) {
  const { alg, ...jwk } = PRIVATE[kid];
  const { kty, crv, x, y, n, e } = createPublicKey(createPrivateKey({ key: jwk, format: "jwk" })).export({ format: "jwk" });
  return clean({ alg, crv, x, y, n, e, kty, kid, ...more });
}

/** Returns the private JWK, as no server may publish it. */
export const privateJwk = (kid) => ({ ...PRIVATE[kid], kid });

/** Signs the text of claims with the key `kid`. `header` is text and replaces the server's. */
export function signJws(claims, { kid = "ed", header = headerText(kid) } = {}) {
  const input = `${base64url(header)}.${base64url(claims)}`;
  return `${input}.${signature(kid, input).toString("base64url")}`;
}

/** Returns the header as the server writes it. `more` replaces members; `undefined` removes one. */
export function headerText(kid, more = {}) {
  return JSON.stringify({ alg: PRIVATE[kid].alg, kid, typ: "better-auth.session-cache+jwt", ...more });
}

function signature(kid, input) {
  const { alg, ...jwk } = PRIVATE[kid];
  const key = createPrivateKey({ key: jwk, format: "jwk" });
  const data = Buffer.from(input);
  if (alg === "EdDSA") return sign(null, data, key);
  if (alg.startsWith("ES")) return sign(alg === "ES256" ? "sha256" : "sha512", data, { key, dsaEncoding: "ieee-p1363" });
  if (alg === "RS256") return sign("sha256", data, key);
  return sign("sha256", data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
}

const clean = (record) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
