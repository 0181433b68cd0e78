#!/usr/bin/env bash
# better-auth 1.7.25: a *plugin's* session field with `returned: false` is left out of what get-session answers, but stands in the cookie
# cache, which whoever holds the cookie can read (compact and jwt are signed, not encrypted). The same option in
# session.additionalFields keeps the field out of both.
# Seen: 7 in the cookie for the plugin's field, nothing for the additional field, nothing in either answer.
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
const riskScore = { type: "number", required: false, returned: false, defaultValue: 7, input: false };
const cases = {
  "plugin schema": { plugins: [{ id: "risk", schema: { session: { fields: { riskScore } } } }] },
  additionalFields: { session: { additionalFields: { riskScore } } },
};
for (const [name, { plugins, session }] of Object.entries(cases)) {
  const auth = server({ plugins, session: { cookieCache: { enabled: true }, ...session } });
  const jar = new Map();
  await call(auth, jar, "/sign-up/email", person());
  const cache = JSON.parse(Buffer.from(decodeURIComponent(jar.get("better-auth.session_data")), "base64url"));
  const answer = await (await call(auth, jar, "/get-session")).json();
  console.log(`${name}: cookie ${cache.session.session.riskScore}, answer ${answer.session.riskScore}`);
}
PROGRAM
node case.mjs | tee seen.txt
diff seen.txt - <<'EXPECTED' && echo "still so with better-auth@1.7.25"
plugin schema: cookie 7, answer undefined
additionalFields: cookie undefined, answer undefined
EXPECTED
