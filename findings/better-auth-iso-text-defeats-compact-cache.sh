#!/usr/bin/env bash
# better-auth 1.7.25: a *string* field whose text is an ISO instant in another spelling than toISOString() (here without milliseconds)
# makes the server unable to read the compact cache that it has just written: the reader revives the text as a Date, writes it back with
# milliseconds, and the signature no longer fits. Nothing is logged; every get-session falls back to the database and mints a new cache.
# Seen: 2 Set-Cookie lines on a get-session right after sign-up (delete and renew), 0 for the canonical spelling.
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
for (const renewsOn of ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.000Z"]) {
  const auth = server({ session: { cookieCache: { enabled: true } }, user: { additionalFields: { renewsOn: { type: "string", required: false } } } });
  const jar = new Map();
  await call(auth, jar, "/sign-up/email", { ...person(), renewsOn });
  const answer = await call(auth, jar, "/get-session");
  console.log(`${renewsOn}: ${answer.headers.getSetCookie().length} Set-Cookie lines, answered ${(await answer.json()).user.renewsOn}`);
}
PROGRAM
node case.mjs | tee seen.txt
diff seen.txt - <<'EXPECTED' && echo "still so with better-auth@1.7.25"
2024-01-01T00:00:00Z: 2 Set-Cookie lines, answered 2024-01-01T00:00:00Z
2024-01-01T00:00:00.000Z: 0 Set-Cookie lines, answered 2024-01-01T00:00:00.000Z
EXPECTED
