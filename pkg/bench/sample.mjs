// A realistic session and its Cookie header.
import { createHmac } from "node:crypto";

export const secret = "a secret for benches long enough for any rule";

export function sample(createVerifier, strategy, extra = 0, number = 0) {
  const now = Date.now();
  const times = { createdAt: new Date(now), updatedAt: new Date(now) };
  const token = "Zk3s9QxT1mVb7LpR4wYc8HdJ2nGf6AeU";
  const user = {
    id: "u5Kq2XvN8rTj4ZmB7cWp1LsD9hYg3FaE",
    name: number ? `Ada Lovelace ${number}` : "Ada Lovelace",
    email: "ada@example.com",
    emailVerified: true,
    image: null,
    ...times,
  };
  const session = {
    id: "s8Lw3CzM6xRk1VnQ4bTj7PhG2dYf9UaE",
    token,
    userId: user.id,
    expiresAt: new Date(now + 6e8),
    ipAddress: "203.0.113.7",
    userAgent: AGENT,
    ...times,
  };
  if (extra) user.bio = Array.from({ length: extra }, (_, i) => "abcdefghij klmnop"[(i * 7) % 17]).join("");
  const verifier = createVerifier({ secret, session: { cookieCache: { enabled: true, strategy, maxAge: 86_400 } } });
  const value = verifier.mint({ session, user });
  const signed = encodeURIComponent(`${token}.${createHmac("sha256", secret).update(token).digest("base64")}`);
  return { verifier, secret, value, header: `better-auth.session_token=${signed}; ${chunked(value)}` };
}

const AGENT = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

function chunked(value) {
  const name = "better-auth.session_data";
  if (value.length <= 3900) return `${name}=${value}`;
  return value
    .match(/.{1,3900}/gs)
    .map((chunk, i) => `${name}.${i}=${chunk}`)
    .join("; ");
}
