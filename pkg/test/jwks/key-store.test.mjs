// The key store of a verifier: when it fetches the key set, and what it does while the endpoint misbehaves.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, mock, test } from "node:test";
import { createVerifier } from "../../dist/index.js";
import { ISSUER, keySet, signedCookies, startEndpoint, timed } from "./support.mjs";

const MINUTE = 60_000;

let endpoint;
before(async () => (endpoint = await startEndpoint()));
after(() => endpoint?.close());
beforeEach(() => {
  mock.timers.enable({ apis: ["Date"], now: Date.UTC(2027, 0, 15) });
  endpoint.respond = keySet("ed");
  endpoint.count = 0;
});
afterEach(() => mock.timers.reset());

const verifier = (options = {}) => createVerifier({ jwks: endpoint.url, issuer: ISSUER, ...options });
const reasonOf = async (verifier, cookies) => {
  const { status, reason } = await verifier.verifyAsync(cookies);
  return reason ?? status;
};
const later = (milliseconds) => mock.timers.setTime(Date.now() + milliseconds);

test("a set is fetched with the first cache and kept for ten minutes", async () => {
  const fetched = verifier();
  assert.equal(endpoint.count, 0, "nothing is fetched at creation");
  for (let i = 0; i < 10; i += 1) assert.equal(await reasonOf(fetched, signedCookies(Date.now())), "authenticated");
  later(9 * MINUTE);
  assert.equal(await reasonOf(fetched, signedCookies(Date.now())), "authenticated");
  assert.equal(endpoint.count, 1);
  later(2 * MINUTE);
  assert.equal(await reasonOf(fetched, signedCookies(Date.now())), "authenticated");
  assert.equal(endpoint.count, 2);
});

test("a request for the set carries nothing of the visitor's", async () => {
  await verifier().verifyAsync(signedCookies(Date.now()));
  const { headers } = endpoint.seen.at(-1);
  assert.equal(headers.cookie, undefined);
  assert.equal(headers.authorization, undefined);
});

test("concurrent requests of a cold verifier share one fetch", async () => {
  endpoint.respond = (request, response) => setTimeout(() => keySet("ed")(request, response), 100);
  const cold = verifier();
  const verdicts = await Promise.all(Array.from({ length: 50 }, () => reasonOf(cold, signedCookies(Date.now()))));
  assert.deepEqual([...new Set(verdicts)], ["authenticated"]);
  assert.equal(endpoint.count, 1);
});

test("a new key is fetched with its first cache, and a key that left the set is not accepted", async () => {
  const fetched = verifier();
  assert.equal(await reasonOf(fetched, signedCookies(Date.now())), "authenticated");
  endpoint.respond = keySet("ed-2");
  assert.equal(await reasonOf(fetched, signedCookies(Date.now(), "ed-2")), "unknown_key", "within 10 s of the last fetch");
  later(10_000);
  assert.equal(await reasonOf(fetched, signedCookies(Date.now(), "ed-2")), "authenticated");
  assert.equal(await reasonOf(fetched, signedCookies(Date.now(), "ed")), "unknown_key");
  assert.equal(endpoint.count, 2);
});

test("10,000 forged kids cause one fetch in 10 s", async () => {
  const fetched = verifier();
  await fetched.verifyAsync(signedCookies(Date.now()));
  later(10_000);
  const forged = signedCookies(Date.now(), "ed");
  const [head, ...rest] = forged.split("session_data=")[1].split(".");
  const header = JSON.parse(Buffer.from(head, "base64url"));
  for (let i = 0; i < 10_000; i += 1) {
    const named = Buffer.from(JSON.stringify({ ...header, kid: `forged ${i}` })).toString("base64url");
    const cookies = forged.replace(/session_data=.*/, `session_data=${[named, ...rest].join(".")}`);
    assert.equal(await reasonOf(fetched, cookies), "unknown_key");
  }
  assert.equal(endpoint.count, 2);
  later(9999);
  await fetched.verifyAsync(forged.replace(head, Buffer.from(JSON.stringify({ ...header, kid: "one more" })).toString("base64url")));
  assert.equal(endpoint.count, 2);
  later(1);
  await fetched.verifyAsync(forged.replace(head, Buffer.from(JSON.stringify({ ...header, kid: "one more" })).toString("base64url")));
  assert.equal(endpoint.count, 3);
});

test("a value that is no session cache of the server causes no fetch", async () => {
  const fetched = verifier();
  const cookies = signedCookies(Date.now());
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const [head, body, signature] = cookies.split("session_data=")[1].split(".");
  for (const value of [
    "x",
    `${head}.${body}.`,
    `${head}.${body}`,
    `${head}.${body}.${signature}.${signature}`,
    `${part({ alg: "EdDSA", kid: "ed", typ: "JWT" })}.${body}.${signature}`,
    `${part({ alg: "HS256", kid: "ed", typ: "better-auth.session-cache+jwt" })}.${body}.${signature}`,
    `${part({ alg: "EdDSA", typ: "better-auth.session-cache+jwt" })}.${body}.${signature}`,
    `${"A".repeat(4000)}.${body}.${signature}`,
  ]) {
    assert.notEqual(await reasonOf(fetched, cookies.replace(/session_data=.*/, `session_data=${value}`)), "authenticated");
  }
  assert.equal(await reasonOf(fetched, "better-auth.session_data=x"), "no_cookie");
  assert.equal(endpoint.count, 0);
});

/** Responses that are no key set, by name. */
const FAULTS = {
  "a 500": (_, response) => response.writeHead(500).end("{}"),
  "a 404": (_, response) => response.writeHead(404).end(),
  "a redirect": (_, response) => response.writeHead(302, { location: `${endpoint.url}?there` }).end(),
  "no JSON": (_, response) => response.end("<html>"),
  "JSON of another shape": (_, response) => response.end('{"keys":{}}'),
  null: (_, response) => response.end("null"),
  "bytes that are no UTF-8": (_, response) => response.end(Buffer.from([0x7b, 0xff, 0x7d])),
  "a megabyte": (_, response) => response.end(`{"keys":[],"more":"${"x".repeat(1 << 20)}"}`),
  "an endless body": (_, response) => {
    const timer = setInterval(() => response.write(" ".repeat(8192)), 1);
    response.on("close", () => clearInterval(timer));
  },
  "a closed connection": (request) => request.socket.destroy(),
};

for (const [name, fault] of Object.entries(FAULTS)) {
  test(`${name} in the place of a set: no cache is accepted by a cold verifier, and a warm one keeps its set`, async () => {
    const cold = verifier();
    const warm = verifier();
    assert.equal(await reasonOf(warm, signedCookies(Date.now())), "authenticated");
    endpoint.respond = fault;
    endpoint.count = 0;
    assert.equal(await reasonOf(cold, signedCookies(Date.now())), "unknown_key");
    assert.equal(endpoint.count, 1, "the redirect is not followed, and nothing is retried at once");
    later(11 * MINUTE);
    assert.equal(await reasonOf(warm, signedCookies(Date.now())), "authenticated", "stale if error");
    assert.equal(endpoint.count, 2);
    endpoint.respond = keySet("ed");
    assert.equal(await reasonOf(cold, signedCookies(Date.now())), "authenticated", "after the interval");
  });
}

test("a set that cannot be fetched again is used for an hour after it is outdated", async () => {
  const fetched = verifier();
  await fetched.verifyAsync(signedCookies(Date.now()));
  endpoint.respond = FAULTS["a 500"];
  later(69 * MINUTE);
  assert.equal(await reasonOf(fetched, signedCookies(Date.now())), "authenticated");
  later(2 * MINUTE);
  assert.equal(await reasonOf(fetched, signedCookies(Date.now())), "unknown_key");
});

test("a slow endpoint delays a request by 3 s at most", async () => {
  mock.timers.reset();
  endpoint.respond = () => {};
  const { result, took } = await timed(reasonOf(verifier(), signedCookies(Date.now())));
  assert.equal(result, "unknown_key");
  assert.ok(took > 2900 && took < 20_000, `${took}`);
});

test("a set of a hundred keys: the first 64 are read", async () => {
  endpoint.respond = (_, response) => {
    const keys = JSON.parse(
      JSON.stringify(
        Array.from({ length: 100 }, (_, i) => ({
          kty: "OKP",
          crv: "Ed25519",
          x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
          kid: `${i}`,
        })),
      ),
    );
    response.end(JSON.stringify({ keys }));
  };
  const fetched = verifier();
  assert.equal(await reasonOf(fetched, signedCookies(Date.now(), "ed", { named: "63" })), "cache_bad_signature");
  assert.equal(await reasonOf(fetched, signedCookies(Date.now(), "ed", { named: "64" })), "unknown_key");
});

test("options are checked at creation", () => {
  const code = (options) => {
    try {
      createVerifier(options);
    } catch (error) {
      assert.equal(error.name, "BetterSessionError");
      return error.code;
    }
    return "none";
  };
  const jwks = { keys: [] };
  assert.equal(code({ jwks: "/api/auth/jwks" }), "OPTION_INVALID", "a relative URL without a baseURL");
  assert.equal(code({ jwks: "ftp://example.com/jwks" }), "OPTION_INVALID");
  assert.equal(code({ jwks: {} }), "OPTION_INVALID");
  assert.equal(code({ jwks: 1 }), "OPTION_INVALID");
  assert.equal(code({ jwks }), "ISSUER_MISSING");
  assert.equal(code({ jwks, issuer: [] }), "ISSUER_MISSING");
  assert.equal(code({ jwks, issuer: [""] }), "OPTION_INVALID");
  assert.equal(code({ jwks, issuer: ISSUER, audience: 1 }), "OPTION_INVALID");
  assert.equal(code({ jwks, issuer: ISSUER }), "none");
  assert.equal(code({ jwks: "/api/auth/jwks", baseURL: ISSUER }), "none");
  assert.equal(code({ jwks: "https://example.com/jwks" }), "none");
  assert.equal(code({}), "SECRET_MISSING");
  assert.equal(code({ jwks, issuer: ISSUER, secret: "" }), "SECRET_EMPTY");
});
