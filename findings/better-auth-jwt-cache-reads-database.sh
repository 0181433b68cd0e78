#!/usr/bin/env bash
# better-auth 1.7.25, jwt plugin with sessionCookieCache: a get-session that is answered from the cookie cache does read the database. The
# table of keys is read twice, once to verify the cookie and once to sign the header set-auth-jwt, while the session and user tables
# are not. With the plain jwt cache, signed with the secret, the same call reads no table.
# Seen: "jwks 2, session 0, user 0" against "jwks 0, session 0, user 0".
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
async function reads(options, tables) {
  const counts = { jwks: 0, session: 0, user: 0 };
  const stored = memoryAdapter(Object.fromEntries(["user", "session", "account", "verification", ...tables].map((name) => [name, []])));
  const counting = (...args) => {
    const adapter = stored(...args);
    for (const method of ["findOne", "findMany"]) {
      const original = adapter[method].bind(adapter);
      adapter[method] = (query) => { if (query.model in counts) counts[query.model] += 1; return original(query); };
    }
    return adapter;
  };
  const auth = server({ ...options, database: counting, session: { cookieCache: { enabled: true, strategy: "jwt" } } });
  const jar = new Map();
  await call(auth, jar, "/sign-up/email", person());
  for (const name of Object.keys(counts)) counts[name] = 0;
  const { session } = await (await call(auth, jar, "/get-session")).json();
  return `${session ? "answered" : "refused"}: ${Object.entries(counts).map(([name, count]) => `${name} ${count}`).join(", ")}`;
}
console.log(`keys: ${await reads({ plugins: [jwt({ sessionCookieCache: true })] }, ["jwks"])}`);
console.log(`secret: ${await reads({}, [])}`);
PROGRAM
node case.mjs | tee seen.txt
diff seen.txt - <<'EXPECTED' && echo "still so with better-auth@1.7.25"
keys: answered: jwks 2, session 0, user 0
secret: answered: jwks 0, session 0, user 0
EXPECTED
