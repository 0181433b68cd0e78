// Verifies all vectors of the repository with the package: cookies of real servers and forged ones. Nothing is logged.
import { equal, silently } from "./kit.mjs";
import { servers, verdicts } from "./vector-files.mjs";

export function vectorCases({ createVerifier, decode }) {
  return [
    ...Object.entries(verdicts).map(([name, file]) => [
      `vectors, ${name}: each has its verdict`,
      () => silently(() => judgeAll(createVerifier, decode, file)),
    ]),
    ...Object.entries(servers).map(([version, file]) => [
      `vectors, Better Auth ${version}: what it set is read as it signed it`,
      () => silently(() => readAll(createVerifier, file)),
    ]),
  ];
}

function judgeAll(createVerifier, decode, { options, now, accept, reject }) {
  const verifier = createVerifier(options);
  const judge = (one) => {
    const header = text(one.cookie);
    decode(header.slice(header.indexOf("session_data") + 13));
    return (one.options ? createVerifier(one.options) : verifier).verify(source(header, one.scheme), now);
  };
  for (const one of accept) {
    const verdict = judge(one);
    equal([verdict.status, verdict.reason], ["authenticated", undefined], one.name);
    for (const member of ["session", "user"]) if (one[member]) equal(verdict[member], revived(one[member]), `${one.name}: ${member}`);
    if (one.strategy) equal(verdict.strategy, one.strategy, one.name);
  }
  for (const { name, cookie, options, scheme, ...expected } of reject) equal(judge({ cookie, options, scheme }), expected, name);
  equal([accept.length > 3, reject.length > 30, {}.admin], [true, true, undefined]);
}

/** A request of that scheme, or the header alone. A page's own Request would drop the cookies. */
function source(cookie, scheme = "none") {
  return scheme === "none" ? cookie : { url: `${scheme}://app.example/`, headers: new Map([["cookie", cookie]]) };
}

/** Text, or a list of texts and `{ repeat, times }`. */
function text(cookie) {
  const part = (one) => (typeof one === "string" ? one : one.repeat.repeat(one.times));
  return Array.isArray(cookie) ? cookie.map(part).join("") : part(cookie);
}

function readAll(createVerifier, { vectors }) {
  equal(vectors.length > 30, true);
  for (const { name, secret, secrets, options, mintedAt, mintedWith, cookieHeader, strategy, expect } of vectors) {
    const own = { secret, secrets, ...options, acceptOldSecrets: mintedWith !== undefined };
    const verdict = createVerifier(own).verify(cookieHeader, mintedAt);
    // Better Auth mints "1" under a numeric version; here a number counts.
    if (typeof options.session.cookieCache.version === "number") {
      equal(verdict, { status: "stale", reason: "version_mismatch", token: expect.session.token }, name);
      continue;
    }
    const { session, user, version, updatedAt, cacheExpiresAt } = expect;
    const cached = { strategy, version, cachedAt: new Date(updatedAt), cacheExpiresAt: new Date(cacheExpiresAt) };
    equal(
      verdict,
      { status: "authenticated", session: revived(session), user: revived(user), ...cached, fresh: true, refreshDue: false },
      name,
    );
  }
}

/** The members that come out as `Date`s; text of any other name stays text. */
function revived(record) {
  const dates = ["createdAt", "updatedAt", "expiresAt"].filter((name) => typeof record[name] === "string");
  return { ...record, ...Object.fromEntries(dates.map((name) => [name, new Date(record[name])])) };
}
