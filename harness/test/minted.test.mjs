// Real servers accept the cookies that the package mints, which are byte for byte those that the servers write.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { createVerifier, decode } from "better-session";
import { VERSIONS, loadBetterAuth, signUp, startOrigin } from "../origin.mjs";

const STRATEGIES = ["compact", "jwt", "jwe"];
const TOKEN = "better-auth.session_token";
const DATA = "better-auth.session_data";
const LONG = 'Ünïcode \u{1f600} \u2028 "quoted" \\ '.repeat(120);

for (const version of VERSIONS) {
  test(`${version}: mint returns the cookie of the server, byte for byte`, async () => {
    const { version: number } = await loadBetterAuth(version);
    const { vectors } = JSON.parse(await readFile(new URL(`../../vectors/better-auth/${number}.json`, import.meta.url), "utf8"));
    const equal = { compact: 0, jwt: 0 };
    for (const { name, strategy, secret, options, cookies, expect } of vectors.filter(isPlain)) {
      const value = cookies[Object.keys(cookies).find((cookie) => /(session_data|sdata)$/.test(cookie))];
      const verifier = createVerifier({ secret, ...options });
      const { iat = 0, exp = 0 } = decode(value).payload ?? {};
      const maxAge = exp - iat || Math.round((expect.cacheExpiresAt - expect.updatedAt) / 1000);
      const minted = verifier.mint(expect, { at: expect.updatedAt, maxAge });
      if (strategy === "jwe") assert.deepEqual(decode(minted).header, decode(value).header, name);
      else if (hasOneTime(expect, iat)) {
        assert.equal(minted, value, name);
        equal[strategy] += 1;
      }
    }
    assert.ok(equal.compact > 3 && equal.jwt > 3, JSON.stringify(equal));
  });
}

// Sequential, because the origins share a database.
for (const version of VERSIONS) {
  for (const strategy of STRATEGIES) {
    test(`${version}, ${strategy}: getCookieCache and get-session accept a minted cookie, whole or chunked`, async (t) => {
      t.mock.method(console, "error", () => {});
      const origin = await startOrigin({
        betterAuth: version,
        session: { cookieCache: { enabled: true, strategy } },
        auth: { user: { additionalFields: { bio: { type: "string", required: false } } } },
      });
      t.after(origin.close);
      const jar = await signUp(origin);
      const verifier = createVerifier({ secret: origin.options.secret, session: origin.options.session, baseURL: origin.url });
      const { session, user } = verifier.verify(jar.header());
      // The database has neither the session nor these values, so they can only come from the cookie.
      await (await origin.auth.$context).adapter.deleteMany({ model: "session", where: [{ field: "token", operator: "ne", value: "" }] });
      for (const bio of ["short", LONG]) {
        const value = verifier.mint({ session, user: { ...user, name: "Minted", bio } });
        const cookie = `${TOKEN}=${jar.get(TOKEN)}; ${chunked(value)}`;
        assert.equal(verifier.verify(cookie).user.bio, bio);
        const cached = await origin.betterAuth.cookies.getCookieCache(new Headers({ cookie }), {
          secret: origin.options.secret,
          strategy,
          isSecure: false,
        });
        assert.deepEqual([cached.user.name, cached.user.bio, cached.session.token], ["Minted", bio, session.token]);
        const response = await fetch(`${origin.url}/api/auth/get-session`, { headers: { cookie } });
        const answer = await response.json();
        assert.deepEqual([answer?.user.name, answer?.user.bio, answer?.session.token], ["Minted", bio, session.token]);
      }
      assert.equal(
        await (await fetch(`${origin.url}/api/auth/get-session`, { headers: { cookie: `${TOKEN}=${jar.get(TOKEN)}` } })).json(),
        null,
      );
    });
  }
}

/** Selects vectors that are not chunked, minted with the current secret, and without a numeric version, which Better Auth ignores. */
const isPlain = ({ name, secret }) => secret && !/^(chunked|version number)/.test(name);

/** Selects vectors whose `updatedAt` and expiry come from the same time: the server reads its clock for each. */
const hasOneTime = ({ updatedAt, cacheExpiresAt }, iat) =>
  iat === Math.floor(updatedAt / 1000) || (!iat && (cacheExpiresAt - updatedAt) % 1000 === 0);

function chunked(value) {
  return value.length < 3500
    ? `${DATA}=${value}`
    : value
        .match(/.{1,3500}/g)
        .map((chunk, i) => `${DATA}.${i}=${chunk}`)
        .join("; ");
}
