#!/usr/bin/env bash
# better-auth 1.7.25: with `rememberMe: false` the cookie cache does not live for session.cookieCache.maxAge. Its window is 60 s in the
# strategy compact and 300 s in jwt, whatever maxAge says, and once it is gone get-session sets no new one: from then on every request
# reads the database. With "remember me" the same request renews the cache.
# Seen with maxAge 3600: windows of 60 and 300 s, and no Set-Cookie at all for the renewal.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact better-auth@1.7.25
cat >case.mjs <<'PROGRAM'
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
const base = "http://localhost:3000";
const person = (email = "a@example.com") => ({ email, password: "a-long-password", name: "A" });
const server = (options, tables = []) => betterAuth({
  secret: "an-example-secret-of-32-bytes-or-more", baseURL: base, emailAndPassword: { enabled: true },
  logger: { disabled: true }, telemetry: { enabled: false }, rateLimit: { enabled: false },
  database: memoryAdapter(Object.fromEntries(["user", "session", "account", "verification", ...tables].map((name) => [name, []]))), ...options,
});
// One call with the cookies in `jar` (a Map), which keeps what the answer sets.
async function call(auth, jar, path, body) {
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  const response = await auth.handler(new Request(`${base}/api/auth${path}`, {
    method: body ? "POST" : "GET", body: body && JSON.stringify(body),
    headers: { origin: base, cookie, ...(body ? { "content-type": "application/json" } : {}) },
  }));
  for (const line of response.headers.getSetCookie()) {
    const [pair, ...attributes] = line.split("; ");
    const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
    if (attributes.includes("Max-Age=0")) jar.delete(name); else jar.set(name, value);
  }
  return response;
}
for (const strategy of ["compact", "jwt"]) for (const rememberMe of [true, false]) {
  const auth = server({ session: { cookieCache: { enabled: true, maxAge: 3600, strategy } } });
  const jar = new Map();
  const before = Date.now();
  await call(auth, jar, "/sign-up/email", { ...person(), rememberMe });
  const value = decodeURIComponent(jar.get("better-auth.session_data"));
  const read = (text) => JSON.parse(Buffer.from(text, "base64url"));
  const until = strategy === "jwt" ? read(value.split(".")[1]).exp * 1000 : read(value).expiresAt;
  const tens = Math.round((until - before) / 10_000) * 10;
  jar.delete("better-auth.session_data");
  const renewal = await call(auth, jar, "/get-session");
  console.log(`${strategy}, rememberMe ${rememberMe}: about ${tens} s, renewed: ${renewal.headers.getSetCookie().length > 0}`);
}
PROGRAM
node case.mjs | tee seen.txt
diff seen.txt - <<'EXPECTED' && echo "still so with better-auth@1.7.25"
compact, rememberMe true: about 3600 s, renewed: true
compact, rememberMe false: about 60 s, renewed: false
jwt, rememberMe true: about 3600 s, renewed: true
jwt, rememberMe false: about 300 s, renewed: false
EXPECTED
