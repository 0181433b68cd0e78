#!/usr/bin/env bash
# better-auth 1.7.25: session.cookieCache.version takes a string or a function. A number passes every check
# at start and is ignored: the cache cookie is minted with version "1", so raising `version: 2` to `version: 3` invalidates nothing.
# Seen: "1" for the number 2, "2" for the string "2".
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
for (const version of [2, "2"]) {
  const jar = new Map();
  await call(server({ session: { cookieCache: { enabled: true, version } } }), jar, "/sign-up/email", person());
  const cache = JSON.parse(Buffer.from(decodeURIComponent(jar.get("better-auth.session_data")), "base64url"));
  console.log(`version: ${JSON.stringify(version)} is minted as ${JSON.stringify(cache.session.version)}`);
}
PROGRAM
node case.mjs | tee seen.txt
diff seen.txt - <<'EXPECTED' && echo "still so with better-auth@1.7.25"
version: 2 is minted as "1"
version: "2" is minted as "2"
EXPECTED
