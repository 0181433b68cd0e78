#!/usr/bin/env bash
# better-auth 1.7.25, jwt plugin with sessionCookieCache: a server that is started with another keyPairConfig.alg goes on signing the session
# cookie with the newest key that is still there, of the old algorithm, and makes no key of the new one. A verifier that takes the
# algorithm from the configuration refuses every cookie; it must take it from the key in the set that `kid` names.
# Seen: EdDSA before the change and EdDSA after the change to ES256, one key in the set.
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
const tables = Object.fromEntries(["user", "session", "account", "verification", "jwks"].map((name) => [name, []]));
const header = (token) => JSON.parse(Buffer.from(token.split(".")[0], "base64url"));
for (const alg of ["EdDSA", "ES256"]) {
  const auth = server({
    database: memoryAdapter(tables), session: { cookieCache: { enabled: true, strategy: "jwt" } },
    plugins: [jwt({ sessionCookieCache: true, jwks: { keyPairConfig: { alg } } })],
  });
  const jar = new Map();
  await call(auth, jar, "/sign-up/email", person(`${alg.toLowerCase()}@example.com`));
  const { keys } = await (await call(auth, new Map(), "/jwks")).json();
  console.log(`configured ${alg}: signed with ${header(decodeURIComponent(jar.get("better-auth.session_data"))).alg}, ${keys.length} key`);
}
PROGRAM
node case.mjs | tee seen.txt
diff seen.txt - <<'EXPECTED' && echo "still so with better-auth@1.7.25"
configured EdDSA: signed with EdDSA, 1 key
configured ES256: signed with EdDSA, 1 key
EXPECTED
