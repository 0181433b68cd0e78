// `better-session`: verdicts on all kinds of headers.
import { cookie, day, equal, now, options, secret, session, signedToken, throws, user } from "./kit.mjs";

const strategies = ["compact", "jwt", "jwe"];

export function verifyCases({ createVerifier, decode, BetterSessionError }) {
  const cases = [];
  const add = (name, run) => cases.push([name, run]);
  const mint = (strategy, more = {}, data = { session, user }) => createVerifier(options({ strategy, ...more })).mint(data, { at: now });

  for (const strategy of strategies) {
    add(`${strategy}: a minted cookie is authenticated, with Dates and every member`, async () => {
      const verifier = createVerifier(options({ strategy }));
      const value = verifier.mint({ session, user }, { at: now });
      const verdict = verifier.verify(cookie(await signedToken(), value), now + 1000);
      equal(verdict, {
        status: "authenticated",
        session,
        user,
        strategy,
        version: "1",
        cachedAt: new Date(now),
        cacheExpiresAt: new Date(now + 300_000),
        fresh: true,
        refreshDue: false,
      });
      equal(verdict.user.roles[1].since, "2024-01-01T00:00:00.000Z");
    });

    add(`${strategy}: the cache expires at the same millisecond as at the server`, async () => {
      const verifier = createVerifier(options({ strategy }));
      const header = cookie(await signedToken(), verifier.mint({ session, user }, { at: now }));
      equal(verifier.verify(header, now + 299_000).status, "authenticated");
      equal(verifier.verify(header, now + 301_000), { status: "stale", reason: "cache_expired", token: session.token });
    });

    add(`${strategy}: any flipped character is refused`, async () => {
      const verifier = createVerifier(options({ strategy }));
      const token = await signedToken();
      const value = verifier.mint({ session, user }, { at: now });
      for (let at = 0; at < value.length; at += 7) {
        const flipped = value.slice(0, at) + (value[at] === "A" ? "B" : "A") + value.slice(at + 1);
        const { status } = verifier.verify(cookie(token, flipped), now);
        if (status !== "stale") throw new Error(`${status} with character ${at} flipped`);
      }
    });

    add(`${strategy}: chunks are joined in numeric order, missing and repeated ones are not`, async () => {
      const verifier = createVerifier(options({ strategy }));
      const value = verifier.mint({ session, user: { ...user, bio: "x".repeat(6000) } }, { at: now });
      const chunks = [];
      for (let at = 0; at < value.length; at += 700) chunks.push(value.slice(at, at + 700));
      const name = (text, i) => `better-auth.session_data.${i}=${text}`;
      const token = `better-auth.session_token=${await signedToken()}; `;
      const whole = chunks.map(name).reverse();
      if (whole.length < 11) throw new Error("too few chunks to tell numeric order");
      equal(verifier.verify(token + whole.join("; "), now).status, "authenticated");
      equal(verifier.verify(token + whole.filter((_, i) => i !== 3).join("; "), now).status, "stale");
      equal(verifier.verify(token + [...whole, name("x", "01")].join("; "), now).status, "stale");
    });

    add(`${strategy}: open returns the same for a single value, and decode needs no secret`, () => {
      const verifier = createVerifier(options({ strategy }));
      const value = verifier.mint({ session, user }, { at: now });
      const opened = verifier.open(value, now);
      equal([opened.ok, opened.strategy, opened.session, opened.cacheExpiresAt], [true, strategy, session, new Date(now + 300_000)]);
      const decoded = decode(value);
      equal(decoded.strategy, strategy);
      equal(decoded.payload === null, strategy === "jwe");
      equal(decoded.header === null, strategy === "compact");
      const other = createVerifier({ ...options({ strategy }), secret: `${secret}!` });
      equal(other.open(value, now), { ok: false, reason: strategy === "jwe" ? "unknown_key" : "cache_bad_signature" });
    });

    add(`${strategy}: a version must be a string, a number or a function`, async () => {
      const token = await signedToken();
      const header = cookie(token, mint(strategy, { version: "2" }));
      const status = (version) => createVerifier(options({ strategy, version })).verify(header, now);
      for (const version of ["2", 2, () => "2", () => 2, (s, u) => (s.userId === u.id && s.expiresAt instanceof Date ? 2 : 0)]) {
        equal(status(version).status, "authenticated", String(version));
      }
      const refuses = { status: "stale", reason: "version_mismatch", token: session.token };
      const wrong = [
        "3",
        3,
        () => "3",
        () => {
          throw new Error("no");
        },
        async () => "2",
        () => undefined,
        () => ({ toString: () => "2" }),
      ];
      for (const version of wrong) equal(status(version), refuses, String(version));
      let code;
      try {
        mint(strategy, { version: async () => "2" });
      } catch (error) {
        code = error.code;
      }
      equal(code, "MINT_INVALID");
    });
  }

  add("a list of strategies accepts these and no other", async () => {
    const token = await signedToken();
    const verifier = createVerifier(options({ strategy: ["jwe", "compact"] }));
    equal(verifier.verify(cookie(token, mint("compact")), now).strategy, "compact");
    equal(verifier.verify(cookie(token, mint("jwe")), now).strategy, "jwe");
    equal(verifier.verify(cookie(token, mint("jwt")), now).reason, "strategy_mismatch");
  });

  add("unauthenticated verdicts have their reasons", async () => {
    const verifier = createVerifier(options());
    const reason = (header) => verifier.verify(header, now).reason;
    equal(reason(""), "no_cookie");
    equal(reason("other=1"), "no_cookie");
    equal(reason("better-auth.session_token=garbage"), "token_malformed");
    equal(reason(`better-auth.session_token=${await signedToken("t", "another secret")}`), "token_bad_signature");
    equal(
      reason(`better-auth.session_token=${await signedToken("a")}; better-auth.session_token=${await signedToken("b")}`),
      "ambiguous_cookies",
    );
  });

  add("stale verdicts have their reasons", async () => {
    const verifier = createVerifier(options());
    const token = await signedToken();
    const reason = (data, signed = token, at = now) => verifier.verify(cookie(signed, data), at).reason;
    equal(verifier.verify(`better-auth.session_token=${token}`, now), { status: "stale", reason: "cache_absent", token: session.token });
    equal(reason("garbage"), "cache_malformed");
    equal(reason(mint("compact"), await signedToken("another token")), "token_mismatch");
    equal(reason(`${mint("compact")}; better-auth.session_data=${mint("compact", { version: "2" })}`), "ambiguous_cookies");
    const short = { session: { ...session, expiresAt: new Date(now + 1000) }, user };
    equal(reason(mint("compact", {}, short), token, now + 2000), "session_expired");
  });

  add("a cookie of an older secret is stale unless acceptOldSecrets is set", async () => {
    const secrets = [
      { version: 2, value: "the new secret of this application" },
      { version: 1, value: secret },
    ];
    const header = cookie(await signedToken(), mint("jwe"));
    const { secret: _, ...rest } = options({ strategy: "jwe" });
    equal(createVerifier({ ...rest, secrets }).verify(header, now).reason, "stale_secret");
    equal(createVerifier({ ...rest, secrets, acceptOldSecrets: true }).verify(header, now).status, "authenticated");
    const text = secrets.map(({ version, value }) => `${version}:${value}`).join(",");
    equal(createVerifier({ ...rest, secrets: text, acceptOldSecrets: true }).verify(header, now).status, "authenticated");
  });

  add("names follow the prefix, the secure prefix and baseURL", async () => {
    const token = await signedToken();
    const value = mint("compact");
    const status = (more, header) => createVerifier(options({}, more)).verify(header, now).status;
    equal(status({ baseURL: "https://example.com" }, cookie(token, value, "__Secure-")), "authenticated");
    equal(status({ baseURL: "https://example.com" }, cookie(token, value)), "unauthenticated");
    equal(status({ advanced: { useSecureCookies: false } }, cookie(token, value, "__Secure-")), "unauthenticated");
    equal(status({}, cookie(token, value, "__Secure-")), "authenticated");
    equal(status({}, `${cookie(token, value, "__Secure-")}; ${cookie(token, value)}`), "unauthenticated");
    const named = { advanced: { cookiePrefix: "app", cookies: { session_token: { name: "sid" } } } };
    equal(status(named, `sid=${token}; app.session_data=${value}`), "authenticated");
  });

  add("requests, headers, strings and Node's requests have the same verdict", async () => {
    const verifier = createVerifier(options());
    const header = cookie(await signedToken(), mint("compact"));
    const headers = new Headers();
    headers.set("cookie", header);
    const carriers = [header, headers, { headers }, { headers: { cookie: header } }];
    for (const carrier of carriers) equal(verifier.verify(carrier, new Date(now)).status, "authenticated");
    for (const nothing of [new Headers(), {}, null, undefined, { headers: { cookie: 7 } }, 7]) {
      equal(verifier.verify(nothing, now), { status: "unauthenticated", reason: "no_cookie" });
    }
  });

  add("the cache is disabled by default; open and mint work nevertheless", async () => {
    const token = await signedToken();
    const on = createVerifier(options());
    const value = on.mint({ session, user }, { at: now });
    for (const off of [
      undefined,
      {},
      { cookieCache: {} },
      { cookieCache: { enabled: false } },
      { cookieCache: { maxAge: 300, strategy: "compact" } },
    ]) {
      const verifier = createVerifier({ secret, session: off });
      equal(verifier.verify(cookie(token, value), now), { status: "stale", reason: "cache_absent", token: session.token });
      equal([verifier.open(value, now).ok, verifier.mint({ session, user }, { at: now })], [true, value]);
    }
    const stateless = { cookieCache: { strategy: "jwe", refreshCache: true } };
    const verifier = createVerifier({ secret, session: stateless });
    const jwe = verifier.mint({ session, user }, { at: now });
    equal(verifier.verify(cookie(token, jwe), now).status, "authenticated");
    for (const store of ["database", "secondaryStorage"]) {
      equal(createVerifier({ secret, session: stateless, [store]: {} }).verify(cookie(token, jwe), now).reason, "cache_absent");
    }
  });

  add("an invalid time means now", async () => {
    const verifier = createVerifier(options());
    const live = { ...session, expiresAt: new Date(Date.now() + day) };
    const header = cookie(await signedToken(), verifier.mint({ session: live, user }));
    for (const at of [undefined, Number.NaN, new Date(Number.NaN), Infinity, -Infinity, 1e300]) {
      equal(verifier.verify(header, at).status, "authenticated", String(at));
    }
    equal(verifier.verify(header, Date.now() + 301_000).reason, "cache_expired");
  });

  add("no input from a visitor throws", async () => {
    const token = await signedToken();
    const junk = ["\ud800", "\0", "é".repeat(500), "=".repeat(9000), ";".repeat(9000), "a.b.c", "....", "%", "%ff", "x".repeat(200_000)];
    junk.push(...["__proto__", "constructor"].map((name) => `better-auth.session_data.${name}=1`));
    for (const strategy of strategies) {
      const verifier = createVerifier(options({ strategy }));
      for (const text of junk) {
        for (const header of [text, cookie(token, text), cookie(text, text)]) verifier.verify(header, now);
        equal(verifier.open(text, now).ok, false);
        decode(text);
      }
    }
    equal([decode(""), decode(undefined), decode({})], [null, null, null]);
  });

  add("an invalid configuration throws an error with a code and without the secret", () => {
    throws(() => createVerifier({}), "SECRET_MISSING");
    throws(() => createVerifier(undefined), "CONFIGURATION");
    throws(() => createVerifier({ secret: "" }), "SECRET_EMPTY");
    throws(() => createVerifier({ secrets: "no version" }), "SECRETS_MALFORMED");
    throws(() => createVerifier(options({ strategy: "rot13" })), "OPTION_INVALID");
    throws(() => createVerifier(options()).mint({}), "MINT_INVALID");
    equal(new BetterSessionError("A", "b") instanceof Error, true);
  });
  return cases;
}
