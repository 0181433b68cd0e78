#!/usr/bin/env bash
# better-auth 1.7.25: without a static baseURL (none at all, or allowedHosts, with protocol "auto" too) the `__Secure-` prefix of the cookies
# follows NODE_ENV and not the scheme of the request. With NODE_ENV=production a request over http sets `__Secure-` cookies, which no browser
# stores; elsewhere a request over https sets plain ones. Whoever reads the cookies outside the server's process cannot know the name from
# the request: set baseURL, protocol or advanced.useSecureCookies.
# Seen: the same name for http and https, `__Secure-` in production and plain without NODE_ENV.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact better-auth@1.7.25
cat >case.mjs <<'PROGRAM'
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
const dynamic = (protocol) => ({ baseURL: { allowedHosts: ["*.example.com"], protocol } });
let count = 0;
for (const [name, options] of [["no baseURL", {}], ['protocol "auto"', dynamic("auto")], ['protocol "https"', dynamic("https")]]) {
  const auth = betterAuth({
    secret: "an-example-secret-of-32-bytes-or-more", emailAndPassword: { enabled: true },
    logger: { disabled: true }, telemetry: { enabled: false }, rateLimit: { enabled: false },
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }), ...options,
  });
  for (const scheme of ["http", "https"]) {
    const base = `${scheme}://a.example.com`;
    if (name.endsWith('"https"') && scheme === "http") continue;
    const response = await auth.handler(new Request(`${base}/api/auth/sign-up/email`, {
      method: "POST", headers: { origin: base, "content-type": "application/json" },
      body: JSON.stringify({ email: `a${count++}@example.com`, password: "a-long-password", name: "A" }),
    }));
    const names = response.headers.getSetCookie().map((line) => line.split("=")[0]);
    console.log(`NODE_ENV ${process.env.NODE_ENV ?? "unset"}, ${name}, ${scheme}: ${names.join(", ")}`);
  }
}
PROGRAM
(env -u NODE_ENV node case.mjs && NODE_ENV=production node case.mjs) | tee seen.txt
diff seen.txt - <<'EXPECTED' && echo "still so with better-auth@1.7.25"
NODE_ENV unset, no baseURL, http: better-auth.session_token
NODE_ENV unset, no baseURL, https: better-auth.session_token
NODE_ENV unset, protocol "auto", http: better-auth.session_token
NODE_ENV unset, protocol "auto", https: better-auth.session_token
NODE_ENV unset, protocol "https", https: __Secure-better-auth.session_token
NODE_ENV production, no baseURL, http: __Secure-better-auth.session_token
NODE_ENV production, no baseURL, https: __Secure-better-auth.session_token
NODE_ENV production, protocol "auto", http: __Secure-better-auth.session_token
NODE_ENV production, protocol "auto", https: __Secure-better-auth.session_token
NODE_ENV production, protocol "https", https: __Secure-better-auth.session_token
EXPECTED
