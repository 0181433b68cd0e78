#!/usr/bin/env bash
# better-auth 1.7.25: with cookieCache.strategy "jwt" or "jwe" get-session respells a *string* field whose text is an ISO instant, as long
# as the cookie answers: stored "2024-01-01T00:00:00Z" comes back as "2024-01-01T00:00:00.000Z", and as it was stored once the cache has
# lapsed. With "compact" the same text comes back as stored, because that cache cannot be read at all. 1.6.34 respells nothing.
# Seen: for each strategy the text in get-session right after sign-up, and with disableCookieCache.
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
for (const strategy of ["compact", "jwt", "jwe"]) {
  const auth = server({
    session: { cookieCache: { enabled: true, strategy } },
    user: { additionalFields: { renewsOn: { type: "string", required: false } } },
  });
  const jar = new Map();
  await call(auth, jar, "/sign-up/email", { ...person(), renewsOn: "2024-01-01T00:00:00Z" });
  const cached = await (await call(auth, jar, "/get-session")).json();
  const stored = await (await call(auth, jar, "/get-session?disableCookieCache=true")).json();
  console.log(`${strategy}: answered ${cached.user.renewsOn}, with disableCookieCache ${stored.user.renewsOn}`);
}
PROGRAM
node case.mjs | tee seen.txt
diff seen.txt - <<'EXPECTED' && echo "still so with better-auth@1.7.25"
compact: answered 2024-01-01T00:00:00Z, with disableCookieCache 2024-01-01T00:00:00Z
jwt: answered 2024-01-01T00:00:00.000Z, with disableCookieCache 2024-01-01T00:00:00Z
jwe: answered 2024-01-01T00:00:00.000Z, with disableCookieCache 2024-01-01T00:00:00Z
EXPECTED
