#!/usr/bin/env bash
# better-auth 1.7.25: the query parameter disableCookieCache of get-session is coerced with JavaScript's Boolean, so
# `?disableCookieCache=false` turns the cookie cache off like `=true` does: the database is read and the cache is minted anew.
# Seen: a new session_data for "false", none without the parameter.
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
for (const query of ["", "?disableCookieCache=false", "?disableCookieCache=true"]) {
  const names = (await call(auth, jar, `/get-session${query}`)).headers.getSetCookie().map((line) => line.split("=")[0]);
  console.log(`get-session${query}: sets ${names.join(", ") || "nothing"}`);
}
PROGRAM
node case.mjs | tee seen.txt
diff seen.txt - <<'EXPECTED' && echo "still so with better-auth@1.7.25"
get-session: sets nothing
get-session?disableCookieCache=false: sets better-auth.session_data
get-session?disableCookieCache=true: sets better-auth.session_data
EXPECTED
