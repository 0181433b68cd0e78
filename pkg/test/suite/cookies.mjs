// `better-session/cookies`: the exports for middleware.
import { equal, options, secret, session, user, day } from "./kit.mjs";

export function cookiesCases({ createVerifier }, lib) {
  const {
    getCookieCache,
    getSessionCookie,
    parseCookies,
    parseSetCookieHeader,
    applySetCookies,
    setRequestCookie,
    stripSecureCookiePrefix,
  } = lib;
  const cases = [];
  const add = (name, run) => cases.push([name, run]);
  const live = { ...session, expiresAt: new Date(Date.now() + day) };
  const headers = (cookie) => ({ get: (name) => (name === "cookie" ? cookie : null) });
  const cache = (value, config, name = "better-auth.session_data") =>
    getCookieCache(headers(`${name}=${value}`), { secret, isSecure: false, ...config });

  for (const strategy of ["compact", "jwt", "jwe"]) {
    add(`getCookieCache, ${strategy}: the payload, with every date revived`, async () => {
      const value = createVerifier(options({ strategy })).mint({ session: live, user });
      const payload = await cache(value, { strategy });
      equal(payload.session, live);
      equal(payload.user, { ...user, roles: ["admin", { since: new Date("2024-01-01T00:00:00.000Z"), n: 1500 }] });
      equal([payload.version, typeof payload.updatedAt], ["1", "number"]);
      equal(typeof payload.exp, strategy === "compact" ? "undefined" : "number");
      equal(await cache(value, { strategy, secret: "another secret" }), null);
      equal(await cache(value, { strategy, version: "2" }), null);
      equal((await cache(value, { strategy, version: async () => "1" })).user.id, user.id);
    });
  }

  add("getCookieCache: a malformed value returns null and does not throw", async () => {
    for (const strategy of ["compact", "jwt", "jwe"]) {
      for (const value of ["x", "é", "%", "a.b.c", "....", "e30", "bnVsbA", "a.b.c.d.e", "\ud800", "x".repeat(150_000)]) {
        equal(await cache(value, { strategy }), null, `${strategy} ${value.slice(0, 20)}`);
      }
    }
    equal(await getCookieCache(new Headers(), { secret }), null);
  });

  add("getCookieCache: a missing secret is a configuration error", async () => {
    const error = await cache("x", { secret: "" }).catch((error) => error);
    equal([error.code, error.message.includes("BETTER_AUTH_SECRET")], ["SECRET_MISSING", true]);
    equal(await getCookieCache(headers("a=b")), null);
  });

  add("getSessionCookie: prefixes and separators", () => {
    const read = (cookie, config) => getSessionCookie(headers(cookie), config);
    equal(read("better-auth.session_token=a"), "a");
    equal(read("better-auth-session_token=a"), "a");
    equal(read("better-auth.session_token=a; __Secure-better-auth.session_token=b"), "b");
    equal(read("better-auth.session_token=a; __Secure-better-auth.session_token="), null);
    equal(read("app.sid=a", { cookiePrefix: "app", cookieName: "sid" }), "a");
    equal(read("x=y"), null);
  });

  add("parseCookies, parseSetCookieHeader and the header writers", () => {
    equal(
      [...parseCookies('a=1; b="2"; a=3;c=%zz; d d=1; é=1')],
      [
        ["a", "3"],
        ["b", "2"],
        ["c", "%zz"],
      ],
    );
    const parsed = parseSetCookieHeader("a=b%20c; Max-Age=5; Expires=Wed, 21 Oct 2015 07:28:00 GMT; SameSite=Lax; Secure, c=d; Path=/");
    equal(parsed.get("a"), { value: "b c", "max-age": 5, expires: new Date(1445412480000), samesite: "lax", secure: true });
    equal(parsed.get("c"), { value: "d", path: "/" });
    const target = new Map([["cookie", "a=1; b=2"]]);
    applySetCookies(target, ["a=3; Path=/", "c=4"]);
    setRequestCookie(target, "d", "5 6");
    equal(target.get("cookie"), "a=3; b=2; c=4; d=5%206");
    equal(["__Secure-a", "__Host-b", "c"].map(stripSecureCookiePrefix), ["a", "b", "c"]);
  });
  return cases;
}
