#!/usr/bin/env bash
# better-auth 1.7.25, jwt plugin with sessionCookieCache: the issuer of the session cookie is the *origin* of baseURL, without the path and
# trailing slash that were configured, and the plugin's own `jwt.issuer` (which is the issuer of /token) has no influence on it. A
# verifier that compares `iss` with the configured baseURL or issuer refuses every cookie.
# Seen: http://localhost:3000 for baseURL http://localhost:3000/api/auth/ and issuer https://issuer.example.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact better-auth@1.7.25
cat >case.mjs <<'PROGRAM'
import { jwt } from "better-auth/plugins";
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
const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
const auth = server({
  baseURL: "http://localhost:3000/api/auth/", session: { cookieCache: { enabled: true, strategy: "jwt" } },
  plugins: [jwt({ sessionCookieCache: true, jwt: { issuer: "https://issuer.example" } })],
}, ["jwks"]);
const jar = new Map();
await call(auth, jar, "/sign-up/email", person());
console.log(`cookie: ${claims(decodeURIComponent(jar.get("better-auth.session_data"))).iss}`);
const { token } = await (await call(auth, jar, "/token")).json();
console.log(`/token: ${claims(token).iss}`);
PROGRAM
node case.mjs | tee seen.txt
diff seen.txt - <<'EXPECTED' && echo "still so with better-auth@1.7.25"
cookie: http://localhost:3000
/token: https://issuer.example
EXPECTED
