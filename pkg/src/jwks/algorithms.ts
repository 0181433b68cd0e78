/** The signature algorithms of Better Auth's JWT plugin (RFC 7518 §3.1, RFC 8037 §3.1) in the terms of WebCrypto. */

export interface SignatureAlgorithm {
  kty: string;
  crv?: string;
  /** Parameters of `importKey` and `verify`. */
  params: { name: string; hash?: string; namedCurve?: string; saltLength?: number };
}

const sha = (bits: number) => `SHA-${bits}`;

export const ALGORITHMS: Record<string, SignatureAlgorithm> = {
  EdDSA: { kty: "OKP", crv: "Ed25519", params: { name: "Ed25519" } },
  ES256: { kty: "EC", crv: "P-256", params: { name: "ECDSA", namedCurve: "P-256", hash: sha(256) } },
  ES512: { kty: "EC", crv: "P-521", params: { name: "ECDSA", namedCurve: "P-521", hash: sha(512) } },
  RS256: { kty: "RSA", params: { name: "RSASSA-PKCS1-v1_5", hash: sha(256) } },
  PS256: { kty: "RSA", params: { name: "RSA-PSS", hash: sha(256), saltLength: 32 } },
};
