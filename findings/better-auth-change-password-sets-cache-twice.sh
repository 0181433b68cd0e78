#!/usr/bin/env bash
# better-auth 1.7.25: change-password with revokeOtherSessions answers with two Set-Cookie lines for session_data. The first carries the
# session that the same call has just deleted, the second the new one. Whoever copies cookies by name and keeps the first keeps a dead
# session; order matters.
# Seen: session_data (old session), session_token (new), session_data (new).
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
const auth = server({ session: { cookieCache: { enabled: true } } });
const jar = new Map();
await call(auth, jar, "/sign-up/email", person());
const sessionIn = (name, value) => name.endsWith("session_data") ? JSON.parse(Buffer.from(value, "base64url")).session.session.token : value.split(".")[0];
const old = sessionIn("session_token", decodeURIComponent(jar.get("better-auth.session_token")));
const body = { currentPassword: person().password, newPassword: "another-password", revokeOtherSessions: true };
for (const line of (await call(auth, jar, "/change-password", body)).headers.getSetCookie()) {
  const [name, value] = line.split(";")[0].split(/=(.*)/s);
  console.log(`${name}: the ${sessionIn(name, decodeURIComponent(value)) === old ? "old" : "new"} session`);
}
PROGRAM
node case.mjs | tee seen.txt
diff seen.txt - <<'EXPECTED' && echo "still so with better-auth@1.7.25"
better-auth.session_data: the old session
better-auth.session_token: the new session
better-auth.session_data: the new session
EXPECTED
