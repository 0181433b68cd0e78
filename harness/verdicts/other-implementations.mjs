// Tokens that Better Auth makes with the same secret for other purposes: `[name, value, reason]`.

import { webcrypto } from "node:crypto";
import { mock } from "node:test";
import { createEmailVerificationToken } from "better-auth/api";
import { signJWT, symmetricEncodeJWT, symmetricEncrypt } from "better-auth/crypto";
import { jwe, NOW, payloadText, SECONDS, SECRET, SESSION, USER } from "./seal.mjs";

const ACCOUNT = { accountId: "a1", providerId: "google", userId: USER.id, accessToken: "x".repeat(40), refreshToken: null };

/** Signs and encrypts the tokens at `NOW` with constant random bytes. */
export async function foreignTokens() {
  mock.timers.enable({ apis: ["Date"], now: NOW });
  const random = mock.method(webcrypto, "getRandomValues", (bytes) => bytes.fill(7));
  const uuid = mock.method(webcrypto, "randomUUID", () => "07070707-0707-4707-8707-070707070707");
  try {
    const claims = `${payloadText().slice(0, -1)},"iat":${SECONDS},"exp":${SECONDS + 300}}`;
    return [
      ["an e-mail verification token", await createEmailVerificationToken(SECRET, USER.email), "cache_malformed"],
      [
        "an e-mail change token",
        await createEmailVerificationToken(SECRET, USER.email, "new@example.com", 3600, { requestType: "change-email-verification" }),
        "cache_malformed",
      ],
      ["a token with the session but not the user", await signJWT({ session: SESSION, updatedAt: NOW }, SECRET, 300), "cache_malformed"],
      ["the account_data cookie", await symmetricEncodeJWT(ACCOUNT, SECRET, "better-auth-account", 300), "unknown_key"],
      [
        "a session under the account_data cookie's key",
        await symmetricEncodeJWT({ session: SESSION, user: USER, updatedAt: NOW, version: "1" }, SECRET, "better-auth-account", 300),
        "unknown_key",
      ],
      ["account data under the session's key", await symmetricEncodeJWT(ACCOUNT, SECRET, "better-auth-session", 300), "cache_malformed"],
      ["a symmetric envelope", await symmetricEncrypt({ key: SECRET, data: claims }), "cache_malformed"],
    ];
  } finally {
    random.mock.restore();
    uuid.mock.restore();
    mock.timers.reset();
  }
}

/** Returns an `account_data` token without a kid, for which the reader tries every key. */
export const withoutKid = (key) =>
  jwe(JSON.stringify({ ...ACCOUNT, iat: SECONDS, exp: SECONDS + 300 }), { key, header: '{"alg":"dir","enc":"A256CBC-HS512"}' });
