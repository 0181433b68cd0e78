#!/usr/bin/env bash
# better-auth 1.7.25, organization plugin: creating an organization makes it the active one of the session in the database, and sets no
# cookie. Until the cookie cache lapses get-session goes on answering without it.
# Seen: no Set-Cookie; activeOrganizationId absent from the cache, present when the cache is passed over.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact better-auth@1.7.25
cat >case.mjs <<'PROGRAM'
import { organization } from "better-auth/plugins";
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
const auth = server({ session: { cookieCache: { enabled: true } }, plugins: [organization()] }, ["organization", "member", "invitation"]);
const jar = new Map();
await call(auth, jar, "/sign-up/email", person());
const created = await call(auth, jar, "/organization/create", { name: "Example", slug: "example" });
const { id } = await created.json();
const active = async (query) => (await (await call(auth, jar, `/get-session${query}`)).json()).session.activeOrganizationId === id;
console.log(`create: ${created.status}, ${created.headers.getSetCookie().length} cookies`);
console.log(`active in the cached session: ${await active("")}`);
console.log(`active in the database: ${await active("?disableCookieCache=true")}`);
PROGRAM
node case.mjs | tee seen.txt
diff seen.txt - <<'EXPECTED' && echo "still so with better-auth@1.7.25"
create: 200, 0 cookies
active in the cached session: false
active in the database: true
EXPECTED
