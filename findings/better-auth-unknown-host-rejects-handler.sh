#!/usr/bin/env bash
# better-auth 1.7.25: with baseURL { allowedHosts } and no fallback, a request to a host that is not listed makes auth.handler reject; there is
# no response. That includes the health check GET /api/auth/ok, so a probe by IP address or internal name sees whatever the framework makes of
# an exception, usually 500, from a server that is well. With `fallback` the same request gets 200.
# Seen: "rejects" without a fallback, 200 with one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact better-auth@1.7.25
cat >case.mjs <<'PROGRAM'
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
const allowedHosts = ["app.example.com"];
for (const [name, baseURL] of [["no fallback", { allowedHosts }], ["fallback", { allowedHosts, fallback: "https://app.example.com" }]]) {
  const auth = betterAuth({
    secret: "an-example-secret-of-32-bytes-or-more", baseURL, logger: { disabled: true }, telemetry: { enabled: false },
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
  });
  for (const host of ["app.example.com", "10.0.0.7:3000"]) {
    const seen = await auth.handler(new Request(`http://${host}/api/auth/ok`)).then(({ status }) => status, (error) => `rejects with ${error.constructor.name}`);
    console.log(`${name}, GET http://${host}/api/auth/ok: ${seen}`);
  }
}
PROGRAM
node case.mjs | tee seen.txt
diff seen.txt - <<'EXPECTED' && echo "still so with better-auth@1.7.25"
no fallback, GET http://app.example.com/api/auth/ok: 200
no fallback, GET http://10.0.0.7:3000/api/auth/ok: rejects with BetterAuthError
fallback, GET http://app.example.com/api/auth/ok: 200
fallback, GET http://10.0.0.7:3000/api/auth/ok: 200
EXPECTED
