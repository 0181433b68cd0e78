// Passes the same cookies to the latest Better Auth server and to the package: both must accept or both refuse.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { DATA, SECRET, startBench } from "../differential/bench.mjs";
import { oddClaims } from "../differential/claims.mjs";
import { NEVER_THROWS, STRICTER_THAN_COOKIE_CACHE, STRICTER_THAN_GET_SESSION } from "../differential/differences.mjs";
import { mutations } from "../differential/mutations.mjs";
import { LOOSER_WITHOUT_A_SCHEME, SERVERS, OTHER_THAN_SERVER, startPrefixBench } from "../differential/prefixes.mjs";
import { signUp, startOrigin } from "../origin.mjs";

const STRATEGIES = ["compact", "jwt", "jwe"];
const occurred = new Set();

for (const strategy of STRATEGIES) {
  test(`${strategy}: verify and getCookieCache treat changed cookies as the server does`, async (t) => {
    const bench = await open(t, strategy);
    const genuine = await bench.read(bench.user.header());
    const cases = [...mutations(bench, await foreignValues(t, strategy)), ...(await oddClaims(bench, plain(genuine.serverCache)))];
    assert.ok(cases.length > 160);
    const failures = [];
    for (const { name, cookie } of cases) failures.push(...compare(name, await bench.read(cookie)));
    assert.deepEqual(failures, []);
  });

  test(`${strategy}: verify and getCookieCache treat an expired cache as the server does`, async (t) => {
    const bench = await open(t, strategy);
    const { ours } = await bench.read(bench.user.header());
    await atTimes(bench, ours.cacheExpiresAt.getTime());
  });

  test(`${strategy}: verify and getCookieCache treat a session that expires before its cache as the server does`, async (t) => {
    const bench = await open(t, strategy, { expiresIn: 60 });
    const { ours } = await bench.read(bench.user.header());
    await atTimes(bench, ours.session.expiresAt.getTime());
  });
}

for (const name of Object.keys(SERVERS)) {
  test(`${name}: a verifier without baseURL and useSecureCookies reads the cookie names of the server`, async (t) => {
    const bench = await startPrefixBench(name);
    for (const level of ["error", "warn"]) t.mock.method(console, level, () => {});
    t.after(bench.close);
    const failures = [];
    for (const [what, cookie] of Object.entries(bench.cases)) {
      const { server, request, header } = await bench.read(cookie);
      failures.push(...compareRequest(`${name}: ${what}`, server, request), ...compareHeader(`${name}: ${what}`, server, header));
    }
    assert.deepEqual(failures, []);
  });
}

test("every listed difference occurs", () => {
  const listed = [STRICTER_THAN_GET_SESSION, OTHER_THAN_SERVER, LOOSER_WITHOUT_A_SCHEME].flatMap(Object.keys).concat(NEVER_THROWS);
  assert.deepEqual(
    listed.filter((name) => !occurred.has(name)),
    [],
  );
});

async function open(t, strategy, session) {
  const bench = await startBench(strategy, session);
  for (const level of ["error", "warn"]) t.mock.method(console, level, () => {}); // Better Auth logs each refusal
  t.after(bench.close);
  return bench;
}

/** Compares at times around `moment`. Sets the clock of the process, which the server uses too. */
async function atTimes(bench, moment) {
  const failures = [];
  for (const offset of [-3_600_000, -400_000, -1000, -1, 0, 1, 999, 1000, 1001, 14_999, 15_000, 15_001, 16_000, 3_600_000]) {
    mock.timers.enable({ apis: ["Date"], now: moment + offset });
    try {
      failures.push(...compare(`clock: ${offset} ms`, await bench.read(bench.user.header())));
    } finally {
      mock.timers.reset();
    }
  }
  assert.deepEqual(failures, []);
}

/** Returns `session_data` values that the server did not mint for this user, by name. */
async function foreignValues(t, strategy) {
  const others = {};
  const add = async (name, options) => {
    const origin = await startOrigin(options);
    t.after(origin.close);
    others[name] = (await signUp(origin)).get(DATA);
    return origin;
  };
  const session = (cookieCache) => ({ cookieCache: { enabled: true, version: "7", strategy, ...cookieCache } });
  await add("another person's", { secret: SECRET, session: session() });
  await add("another secret's", { session: session() });
  await add("another version's", { secret: SECRET, session: session({ version: "8" }) });
  for (const other of STRATEGIES.filter((name) => name !== strategy)) {
    await add(`another strategy's, ${other}`, { secret: SECRET, session: session({ strategy: other }) });
  }
  return others;
}

/** Returns a sentence for each failure of a case. */
function compare(name, { server, serverCache, ours, oursCache }) {
  return [...compareVerdict(name, server, ours), ...compareCache(name, serverCache, oursCache)];
}

function compareVerdict(name, server, ours) {
  const accepted = ours.status === "authenticated";
  const verdict = `${name}: ours is ${[ours.status, ours.reason].filter(Boolean).join(", ")}`;
  if (!isAnswer(server)) return accepted ? [`${verdict}, the server refuses`] : [];
  if (!accepted) return unlessListed(STRICTER_THAN_GET_SESSION, name, `${verdict}, the server accepts`);
  const same = isDeepStrictEqual(plain({ session: ours.session, user: ours.user }), { session: server.session, user: server.user });
  return same ? [] : [`${name}: other data than get-session's`];
}

/** Requires the same session as the server's: the scheme of the request selects the cookie names. */
function compareRequest(name, server, ours) {
  const token = ours.session?.token ?? null;
  const same = token === (isAnswer(server) ? server.session.token : null);
  return same ? [] : unlessListed(OTHER_THAN_SERVER, name, `${name}: the request is ${ours.reason ?? "accepted"}, unlike at the server`);
}

/** Allows more than the server accepts, since there is no scheme, but never another session than the server's. */
function compareHeader(name, server, ours) {
  if (ours.status !== "authenticated") return [];
  if (!isAnswer(server)) return unlessListed(LOOSER_WITHOUT_A_SCHEME, name, `${name}: the header is accepted, the server refuses`);
  return ours.session.token === server.session.token ? [] : [`${name}: the header is another session than the server's`];
}

function compareCache(name, original, ours) {
  if (ours?.threw) return [`${name}: getCookieCache threw ${ours.threw}`];
  if (original?.threw) {
    occurred.add(NEVER_THROWS);
    return ours === null ? [] : [`${name}: the original throws, getCookieCache reads it`];
  }
  if (original && !ours) return unlessListed(STRICTER_THAN_COOKIE_CACHE, name, `${name}: the original reads it, getCookieCache does not`);
  return isDeepStrictEqual(ours, original)
    ? []
    : [`${name}: getCookieCache reads ${original ? "other data" : "what the original refuses"}`];
}

function unlessListed(table, name, failure) {
  const [reason] = Object.entries(table).find(([, pattern]) => pattern.test(name)) ?? [];
  if (reason) occurred.add(reason);
  return reason ? [] : [failure];
}

const isAnswer = (value) => value !== null && !value.threw;
const plain = (value) => JSON.parse(JSON.stringify(value));
