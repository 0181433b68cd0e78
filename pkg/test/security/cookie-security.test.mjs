// The names of cookies by `cookieSecurity` and `cookieNamespace`. Only a server that is configured so sets them; 1.7 has no __Host- names.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createVerifier } from "better-session";
import { createSessionGate } from "better-session/edge";
import { explain } from "better-session/explain";
import { cookie, now, session, signedToken, user } from "../suite/kit.mjs";

const secret = "a secret for tests long enough for any rule";
const options = { secret, session: { cookieCache: { enabled: true } } };
const data = createVerifier(options).mint({ session, user }, { at: now });
const token = await signedToken();

/** Returns the status or the reason for cookies whose names have this prefix. */
function judge(more, prefix, scheme = "https") {
  const request = { url: `${scheme}://app.example/`, headers: new Map([["cookie", cookie(token, data, prefix)]]) };
  const { status, reason } = createVerifier({ ...options, ...more }).verify(request, now);
  return reason ?? status;
}

test("cookieSecurity selects one prefix, whatever the scheme, useSecureCookies and baseURL say", () => {
  const prefixes = { none: "", secure: "__Secure-", host: "__Host-" };
  for (const [cookieSecurity, prefix] of Object.entries(prefixes)) {
    for (const scheme of ["http", "https"]) {
      for (const more of [{}, { baseURL: "http://app.example" }, { advanced: { useSecureCookies: cookieSecurity === "none" } }]) {
        const verdicts = Object.values(prefixes).map((other) => judge({ cookieSecurity, ...more }, other, scheme));
        const expected = Object.values(prefixes).map((other) => (other === prefix ? "authenticated" : "no_cookie"));
        assert.deepEqual(verdicts, expected, `${cookieSecurity} ${scheme} ${JSON.stringify(more)}`);
      }
    }
  }
  assert.equal(judge({}, "__Host-"), "no_cookie", "not without the option");
});

test("cookieNamespace is the part before the dot", () => {
  const renamed = cookie(token, data).replaceAll("better-auth.", "__Host-shop.");
  const verifier = createVerifier({ ...options, cookieSecurity: "host", cookieNamespace: "shop", advanced: { cookiePrefix: "other" } });
  assert.equal(verifier.verify(renamed, now).status, "authenticated");
  const { expected } = explain(renamed, { ...options, cookieSecurity: "host", cookieNamespace: "shop" }, now);
  assert.deepEqual(expected, ["__Host-shop.session_token"]);
});

test("the gate renews __Host- cookies under their names, Secure and without a Domain", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now });
  const refreshed = { ...options, session: { cookieCache: { enabled: true, strategy: "jwe", refreshCache: true, maxAge: 300 } } };
  const value = createVerifier(refreshed).mint({ session, user }, { at: now - 290_000 });
  const gate = createSessionGate({ ...refreshed, cookieSecurity: "host", origin: { fetch: () => new Response(null, { status: 503 }) } });
  const request = new Request("https://app.example/account", { headers: { cookie: cookie(token, value, "__Host-") } });
  const response = await gate.fetch(request, undefined, () => new Response("here"));
  assert.equal(await response.text(), "here");
  const lines = response.headers.getSetCookie();
  assert.deepEqual(
    lines.map((line) => line.split("=")[0]),
    ["__Host-better-auth.session_data", "__Host-better-auth.session_token"],
  );
  for (const line of lines) assert.match(line, /; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
});

test("options that exclude each other are refused at creation", () => {
  assert.throws(() => createVerifier({ ...options, cookieSecurity: "strict" }), { code: "OPTION_INVALID" });
  const advanced = { crossSubDomainCookies: { enabled: true } };
  assert.throws(() => createVerifier({ ...options, cookieSecurity: "host", advanced }), { code: "OPTION_INVALID" });
});
