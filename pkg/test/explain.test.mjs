// `better-session/explain`: reports on a real server's cookies, and on names that do not match.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createVerifier } from "better-session";
import { explain, explainAsync } from "better-session/explain";

const { vectors } = JSON.parse(readFileSync(new URL("../../vectors/better-auth/1.7.25.json", import.meta.url), "utf8"));
const { secret, cookieHeader, mintedAt, cookies } = vectors.find(({ name }) => name === "plain, compact");
const session = { cookieCache: { enabled: true } };
const say = (header, options = {}, at = mintedAt) => explain(header, { secret, session, ...options }, at);

test("explain returns the verdict of the verifier and the expected names", () => {
  const { verdict, message, expected, received } = say(cookieHeader);
  assert.deepEqual(verdict, createVerifier({ secret, session }).verify(cookieHeader, mintedAt));
  assert.equal(message, "The session token and its cache are valid: the visitor is signed in.");
  assert.deepEqual(expected, ["__Secure-better-auth.session_token", "better-auth.session_token"]);
  assert.deepEqual(received, Object.keys(cookies));
});

test("explain handles a request without cookies and one with unrelated cookies", () => {
  assert.match(say("").message, /no cookies.*credentials: "include"/s);
  assert.match(say("theme=dark; lang=en").message, /None of the 2 cookies/);
  assert.match(say("better-auth.session_token=").message, /is empty: the visitor has signed out/);
});

test("explain reports a __Secure- prefix that only one side uses", () => {
  const plainHere = say(cookieHeader.replaceAll("better-auth.", "__Secure-better-auth."), { baseURL: "http://localhost:3000" });
  assert.equal(plainHere.verdict.reason, "no_cookie");
  assert.match(plainHere.message, /has __Secure-better-auth\.session_token\. Looked for better-auth\.session_token\. Give baseURL/);
  const secureHere = say(cookieHeader, { baseURL: "https://example.com" });
  assert.match(secureHere.message, /has better-auth\.session_token\. Looked for __Secure-better-auth\.session_token\./);
  const dynamic = (protocol) => say(cookieHeader, { baseURL: { allowedHosts: ["example.com"], protocol } });
  assert.deepEqual(dynamic("https").expected, ["__Secure-better-auth.session_token"]);
  assert.equal(dynamic("https").verdict.reason, "no_cookie");
  assert.equal(dynamic("http").verdict.status, "authenticated");
  assert.equal(dynamic("auto").expected.length, 2);
});

test("explain reports another prefix and another name", () => {
  const { message } = say(cookieHeader, { advanced: { cookiePrefix: "shop" } });
  assert.match(
    message,
    /has better-auth\.session_token\. Looked for __Secure-shop\.session_token or shop\.session_token\. Give advanced\.cookiePrefix/,
  );
  const renamed = say("sid=x; a=b", { advanced: { cookies: { session_token: { name: "sid" } }, useSecureCookies: true } });
  assert.match(renamed.message, /has sid\. Looked for __Secure-sid\./);
});

const secureHeader = cookieHeader.replaceAll("better-auth.", "__Secure-better-auth.");
const request = (url, cookie, headers = {}) => new Request(url, { headers: { cookie, ...headers } });

test("without baseURL the scheme of the request selects the expected names", () => {
  const plain = say(request("http://app.example", cookieHeader));
  assert.deepEqual([plain.verdict.status, plain.expected], ["authenticated", ["better-auth.session_token"]]);
  const secure = say(request("https://app.example", secureHeader));
  assert.deepEqual([secure.verdict.status, secure.expected], ["authenticated", ["__Secure-better-auth.session_token"]]);
  const renamed = say(request("https://app.example", cookieHeader));
  assert.equal(renamed.verdict.reason, "no_cookie");
  assert.match(renamed.message, /came by https.*has better-auth\.session_token.*Give baseURL/);
});

test("behind a proxy that terminates TLS, explain recommends trustProxy or baseURL", () => {
  const behind = request("http://10.0.0.1", secureHeader, { "x-forwarded-proto": "https" });
  const { verdict, message } = say(behind);
  assert.equal(verdict.reason, "no_cookie");
  assert.match(
    message,
    /came by http, .*has __Secure-better-auth\.session_token\. Behind a proxy that ends TLS give baseURL.*or trustProxy/,
  );
  assert.equal(say(behind, { trustProxy: true }).verdict.status, "authenticated");
  assert.equal(say(behind, { baseURL: "https://app.example" }).verdict.status, "authenticated");
});

test("explain reports both prefixes in a header without scheme", () => {
  const { verdict, message } = say(`${cookieHeader}; ${secureHeader}`);
  assert.deepEqual(verdict, { status: "unauthenticated", reason: "ambiguous_cookies" });
  assert.match(message, /has both __Secure-better-auth\.session_token and better-auth\.session_token, .*Give baseURL/);
});

test("explain gives a disabled cache as the reason", () => {
  for (const session of [undefined, {}, { cookieCache: {} }, { cookieCache: { enabled: false } }, { cookieCache: { strategy: "jwe" } }]) {
    const { verdict, message } = say(cookieHeader, { session });
    assert.equal(verdict.reason, "cache_absent");
    assert.match(message, /session\.cookieCache is off in these options.*enabled: true/);
  }
  const [token] = cookieHeader.split("; ");
  assert.doesNotMatch(say(token).message, /off in these options/);
  const stateless = { cookieCache: { strategy: "jwe", refreshCache: true } };
  assert.doesNotMatch(say(token, { session: stateless }).message, /off in these options/);
  assert.match(say(token, { session: stateless, database: {} }).message, /off in these options/);
});

test("each reason has a sentence that contains no value", () => {
  const [token, data] = Object.values(cookies);
  const both = (a, b) => `better-auth.session_token=${a}; better-auth.session_data=${b}`;
  const cases = {
    cache_absent: [`better-auth.session_token=${token}`],
    cache_malformed: [both(token, "junk")],
    cache_expired: [cookieHeader, {}, mintedAt + 400_000],
    strategy_mismatch: [cookieHeader, { session: { cookieCache: { enabled: true, strategy: "jwt" } } }],
    version_mismatch: [cookieHeader, { session: { cookieCache: { enabled: true, version: 2 } } }],
    ambiguous_cookies: [`${both(token, data)}; better-auth.session_data=x`],
    token_malformed: [both("x", data)],
    header_too_long: [`a=${"x".repeat(128 * 1024)}`],
    token_bad_signature: [cookieHeader, { secret: "another secret, also of 32 characters" }],
    credential_header: [new Headers({ cookie: cookieHeader, "x-api-key": "a key" })],
    stale_secret: [
      cookieHeader,
      {
        secret: undefined,
        secrets: [
          { version: 2, value: "a newer secret of 32 characters or so" },
          { version: 1, value: secret },
        ],
      },
    ],
  };
  for (const [reason, [header, options, at]] of Object.entries(cases)) {
    const { verdict, message } = say(header, options, at);
    assert.equal(verdict.reason, reason);
    assert.ok(message.length > 40, reason);
    for (const value of [token, data, secret]) assert.ok(!message.includes(value));
  }
});

test("explain throws for invalid options", () => {
  assert.throws(() => explain("", {}), { name: "BetterSessionError", code: "SECRET_MISSING" });
});

test("explain reports the parts of a header: the value of each name, the cache and its expiry", () => {
  const { cookies: came, cache } = say(cookieHeader);
  assert.deepEqual(
    Object.values(came).map(({ state }) => state),
    ["present", "present", "absent"],
  );
  assert.equal(came.session_data.length, cookies["better-auth.session_data"].length);
  const { verdict } = say(cookieHeader);
  assert.deepEqual([cache.strategy, cache.header, cache.reason], ["compact", null, null]);
  assert.equal(cache.payload.session.id, verdict.session.id);
  assert.deepEqual([cache.windows.cachedAt, cache.windows.cacheExpiresAt], [verdict.cachedAt, verdict.cacheExpiresAt]);
  assert.deepEqual(cache.windows.sessionExpiresAt, verdict.session.expiresAt);
  assert.equal(say("better-auth.session_token=a; better-auth.session_token=b").cookies.session_token.state, "ambiguous");
  assert.equal(say("theme=dark").cache, null);
});

test("explain reports a single value of each strategy, with and without the secret", () => {
  for (const strategy of ["compact", "jwt", "jwe"]) {
    const options = { session: { cookieCache: { enabled: true, strategy } } };
    const { session: minted, user } = say(cookieHeader).verdict;
    const value = createVerifier({ secret, ...options }).mint({ session: minted, user }, { at: mintedAt });
    const { cache, message } = say(value, options);
    assert.deepEqual([cache.strategy, cache.reason, cache.payload.user.id], [strategy, null, user.id]);
    assert.match(message, /is valid under these options/);
    const other = say(value, { ...options, secret: "another secret, also of 32 characters" });
    assert.match(other.cache.reason, /cache_bad_signature|unknown_key/);
    assert.equal(other.cache.payload === null, strategy === "jwe");
    assert.equal(other.cache.header === null, strategy === "compact");
  }
});

test("explain supports a version function", () => {
  const versioned = (version) => say(cookieHeader, { session: { cookieCache: { enabled: true, version } } });
  assert.equal(versioned(() => "1").verdict.status, "authenticated");
  const { verdict, message } = versioned(() => "2");
  assert.equal(verdict.reason, "version_mismatch");
  assert.match(message, /another session\.cookieCache\.version/);
});

test("no error quotes an option, whatever its type", () => {
  const canary = "canary-4711";
  const wrong = [
    { secret: { value: canary } },
    { secret: [canary] },
    { secrets: canary },
    { secrets: [{ version: canary, value: canary }] },
    { baseURL: { protocol: [canary] } },
    { session: { expiresIn: canary } },
    { advanced: { cookiePrefix: [canary] } },
    { session: { cookieCache: { strategy: canary } } },
    { acceptOldSecrets: canary },
  ];
  for (const options of wrong) {
    assert.throws(
      () => say(cookieHeader, options),
      (error) => {
        assert.equal(error.name, "BetterSessionError");
        assert.ok(!`${error.code} ${error.message} ${error.cause ?? ""}`.includes(canary), error.message);
        return true;
      },
    );
  }
});

test("explain works without another entry of the package", () => {
  const program = `import { explain } from "better-session/explain"; console.log(explain("a=b", { secret: "x".repeat(32) }).verdict.reason);`;
  const said = execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8", cwd: import.meta.dirname });
  assert.equal(said.trim(), "no_cookie");
});

test("explain names the key set for a cache that the JWT plugin signed, and explainAsync verifies it", async () => {
  const file = JSON.parse(readFileSync(new URL("../../vectors/jwks/minted.json", import.meta.url), "utf8"));
  const { secret, issuer, jwks, cookieHeader, mintedAt } = file.vectors[0];
  for (const strategy of ["compact", "jwt"]) {
    const { message } = explain(cookieHeader, { secret, session: { cookieCache: { enabled: true, strategy } } }, mintedAt);
    assert.match(message, /sessionCookieCache.*Give jwks/);
  }
  assert.match(explain(cookieHeader, { jwks, issuer }, mintedAt).message, /explainAsync/);
  const { verdict, cache } = await explainAsync(cookieHeader, { jwks, issuer }, mintedAt);
  assert.deepEqual([verdict.status, verdict.tokenVerified, cache.reason], ["authenticated", false, null]);
  const other = await explainAsync(cookieHeader, { secret, jwks, issuer: "https://other.example" }, mintedAt);
  assert.match(other.message, /iss is not one of issuer/);
  const unsupported = await explainAsync(cookieHeader, { jwks: { keys: [{ ...jwks.keys[0], use: "enc" }] }, issuer }, mintedAt);
  assert.match(unsupported.message, /cannot verify a cache/);
});
