// The same cookies given to a real, latest Better Auth server and to the package: both accept, or both refuse.

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
const seen = new Set();

for (const strategy of STRATEGIES) {
  test(`${strategy}: what a visitor can send`, async (t) => {
    const bench = await open(t, strategy);
    const genuine = await bench.read(bench.person.header());
    const cases = [...mutations(bench, await foreign(t, strategy)), ...await oddClaims(bench, plain(genuine.serverCache))];
    assert.ok(cases.length > 160);
    const complaints = [];
    for (const { name, cookie } of cases) complaints.push(...compare(name, await bench.read(cookie)));
    assert.deepEqual(complaints, []);
  });

  test(`${strategy}: at other times`, async (t) => {
    const bench = await open(t, strategy);
    const { ours } = await bench.read(bench.person.header());
    await atTimes(bench, ours.cacheExpiresAt.getTime());
  });

  test(`${strategy}: a session that ends before its cache`, async (t) => {
    const bench = await open(t, strategy, { expiresIn: 60 });
    const { ours } = await bench.read(bench.person.header());
    await atTimes(bench, ours.session.expiresAt.getTime());
  });
}

for (const name of Object.keys(SERVERS)) {
  test(`${name}: prefixes, where the verifier was given neither baseURL nor useSecureCookies`, async (t) => {
    const bench = await startPrefixBench(name);
    for (const level of ["error", "warn"]) t.mock.method(console, level, () => {});
    t.after(bench.close);
    const complaints = [];
    for (const [what, cookie] of Object.entries(bench.cases)) {
      const { server, request, header } = await bench.read(cookie);
      complaints.push(...compareRequest(`${name}: ${what}`, server, request), ...compareHeader(`${name}: ${what}`, server, header));
    }
    assert.deepEqual(complaints, []);
  });
}

test("every difference that is listed occurs", () => {
  const listed = [STRICTER_THAN_GET_SESSION, OTHER_THAN_SERVER, LOOSER_WITHOUT_A_SCHEME].flatMap(Object.keys).concat(NEVER_THROWS);
  assert.deepEqual(listed.filter((name) => !seen.has(name)), []);
});

async function open(t, strategy, session) {
  const bench = await startBench(strategy, session);
  for (const level of ["error", "warn"]) t.mock.method(console, level, () => {}); // Better Auth logs each refusal
  t.after(bench.close);
  return bench;
}

/** Moves the clock of the whole process, the server's too, to around a moment. */
async function atTimes(bench, moment) {
  const complaints = [];
  for (const offset of [-3_600_000, -400_000, -1000, -1, 0, 1, 999, 1000, 1001, 14_999, 15_000, 15_001, 16_000, 3_600_000]) {
    mock.timers.enable({ apis: ["Date"], now: moment + offset });
    try {
      complaints.push(...compare(`clock: ${offset} ms`, await bench.read(bench.person.header())));
    } finally {
      mock.timers.reset();
    }
  }
  assert.deepEqual(complaints, []);
}

/** Values of `session_data` that this server did not mint for this person. */
async function foreign(t, strategy) {
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

/** What is wrong with one case, in sentences. */
function compare(name, { server, serverCache, ours, oursCache }) {
  return [...compareVerdict(name, server, ours), ...compareCache(name, serverCache, oursCache)];
}

function compareVerdict(name, server, ours) {
  const accepted = ours.status === "authenticated";
  const verdict = `${name}: ours says ${[ours.status, ours.reason].filter(Boolean).join(", ")}`;
  if (!isAnswer(server)) return accepted ? [`${verdict}, the server refuses`] : [];
  if (!accepted) return unlessListed(STRICTER_THAN_GET_SESSION, name, `${verdict}, the server accepts`);
  const same = isDeepStrictEqual(plain({ session: ours.session, user: ours.user }), { session: server.session, user: server.user });
  return same ? [] : [`${name}: other data than get-session's`];
}

/** A request's scheme decides: the very session that the server answers with, or none. */
function compareRequest(name, server, ours) {
  const seen = ours.session?.token ?? null;
  const same = seen === (isAnswer(server) ? server.session.token : null);
  return same ? [] : unlessListed(OTHER_THAN_SERVER, name, `${name}: the request is ${ours.reason ?? "accepted"}, which the server does not say`);
}

/** Without a scheme more is accepted than one server would, but never one session where the server has another. */
function compareHeader(name, server, ours) {
  if (ours.status !== "authenticated") return [];
  if (!isAnswer(server)) return unlessListed(LOOSER_WITHOUT_A_SCHEME, name, `${name}: the header is accepted, the server refuses`);
  return ours.session.token === server.session.token ? [] : [`${name}: the header is another session than the server's`];
}

function compareCache(name, original, ours) {
  if (ours?.threw) return [`${name}: getCookieCache threw ${ours.threw}`];
  if (original?.threw) {
    seen.add(NEVER_THROWS);
    return ours === null ? [] : [`${name}: the original throws, getCookieCache reads it`];
  }
  if (original && !ours) return unlessListed(STRICTER_THAN_COOKIE_CACHE, name, `${name}: the original reads it, getCookieCache does not`);
  return isDeepStrictEqual(ours, original) ? [] : [`${name}: getCookieCache reads ${original ? "other data" : "what the original refuses"}`];
}

function unlessListed(table, name, complaint) {
  const [reason] = Object.entries(table).find(([, pattern]) => pattern.test(name)) ?? [];
  if (reason) seen.add(reason);
  return reason ? [] : [complaint];
}

const isAnswer = (value) => value !== null && !value.threw;
const plain = (value) => JSON.parse(JSON.stringify(value));
