// Differential: the header helpers against the published better-auth/cookies, over thousands of odd headers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import * as theirs from "better-auth/cookies";
import * as ours from "../../dist/cookies.js";
import { generator } from "./random.mjs";

const PIECES = [
  ..."abZ09.-_~!#$%&'*+^`|",
  ...[" ", "\t", "  ", ";", "; ", ";;", "=", "==", ",", ", ", '"', '""', "\\", "/", "?", "\r", "\n", "\0", "\x7f", "é", "😀"],
  ...["%20", "%zz", "%", "%F0%9F%98%80", "%ED%A0%80", "__Secure-", "__Host-", "better-auth.session_token", "better-auth-session_token"],
  ...[
    "Expires=Wed, 21 Oct 2015 07:28:00 GMT",
    "Max-Age=10",
    "max-age=x",
    "SameSite=LAX",
    "Secure",
    "HttpOnly",
    "Path=/",
    "Domain=",
    "Partitioned",
    "__proto__",
    "value=x",
  ],
];
const headers = (cookie) => ({
  value: cookie,
  get() {
    return this.value;
  },
  set(_, value) {
    this.value = value;
  },
});

/** Returns the result of a call, or a mark that it threw. */
function outcome(run) {
  try {
    return { result: run() };
  } catch (error) {
    return { threw: error.name };
  }
}

function compare(name, seed, run) {
  test(`${name}: returns the same as the original`, () => {
    const random = generator(seed);
    for (let i = 0; i < 4000; i++) {
      const [text, other] = [random.text(PIECES, 14), random.text(PIECES, 5)];
      // As text: two invalid dates are not equal otherwise.
      const [mine, original] = [ours, theirs].map((lib) =>
        inspect(
          outcome(() => run(lib, text, other)),
          { depth: 9 },
        ),
      );
      assert.equal(mine, original, JSON.stringify([text, other]));
    }
  });
}

compare("parseCookies", 1, (lib, text) => [...lib.parseCookies(text)]);
compare("splitSetCookieHeader", 2, (lib, text) => lib.splitSetCookieHeader(text));
compare("parseSetCookieHeader", 3, (lib, text) => [...lib.parseSetCookieHeader(text)]);
compare("toCookieOptions", 4, (lib, text) => [...lib.parseSetCookieHeader(text).values()].map(lib.toCookieOptions));
compare("stripSecureCookiePrefix", 5, (lib, text) => lib.stripSecureCookiePrefix(text));
compare("cookieNameRegex", 6, (lib, text) => lib.cookieNameRegex.test(text));
compare("setRequestCookie", 7, (lib, text, other) => {
  const target = headers(text);
  lib.setRequestCookie(target, other, text);
  return target.value;
});
compare("applySetCookies", 8, (lib, text, other) => {
  const target = headers(other);
  lib.applySetCookies(target, [text, other]);
  return target.value;
});
compare("getSessionCookie", 9, (lib, text, other) => [
  lib.getSessionCookie({ headers: headers(text) }),
  lib.getSessionCookie({ headers: headers(`better-auth.session_token=${text}; __Secure-better-auth-session_token=${other}`) }),
  lib.getSessionCookie({ headers: headers(`${other}.a=${text}`) }, { cookiePrefix: other, cookieName: "a" }),
]);

test("setCookieToHeader and the constants equal the original ones", () => {
  for (const line of ["a=b; Path=/", "", "a=b, c=d"]) {
    const results = [ours, theirs].map((lib) => {
      const target = headers("x=y");
      lib.setCookieToHeader(target)({ response: new Response(null, { headers: line ? { "set-cookie": line } : {} }) });
      return target.value;
    });
    assert.equal(results[0], results[1]);
  }
  assert.equal(ours.SECURE_COOKIE_PREFIX, theirs.SECURE_COOKIE_PREFIX);
  assert.equal(ours.HOST_COOKIE_PREFIX, theirs.HOST_COOKIE_PREFIX);
});

test("a long header is split in linear time", () => {
  const text = `a=b,${" ".repeat(200_000)}`;
  assert.deepEqual(ours.splitSetCookieHeader(text.repeat(3)), theirs.splitSetCookieHeader(text.repeat(3)));
});
