// `get-session` has the same response and renewal at the edge and at the origin, for each Better Auth version, strategy and
// with plugins.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { VERSIONS, call, signUp, startOrigin } from "../../../harness/origin.mjs";
import { startGates, visit } from "./support.mjs";

const session = (strategy) => ({ cookieCache: { enabled: true, strategy } });
const CASES = VERSIONS.map((version) => ({ name: `Better Auth ${version}`, betterAuth: version, strategy: "compact" }));
for (const strategy of ["jwt", "jwe"]) CASES.push({ name: `Better Auth latest, ${strategy}`, betterAuth: "latest", strategy });

/** Fields of several types, one that the server keeps to itself, and two plugins that widen session and user. */
const additionalFields = {
  nickname: { type: "string", required: false, defaultValue: 'The "Enchantress" 🧮 of\u2028numbers' },
  level: { type: "number", required: false, defaultValue: 7 },
  tester: { type: "boolean", required: false, defaultValue: true },
  born: { type: "date", required: false, defaultValue: () => new Date("1815-12-10T00:00:00.000Z") },
  note: { type: "string", required: false, defaultValue: "2026-01-01T00:00:00.000Z" },
  hidden: { type: "string", required: false, defaultValue: "for the server alone", returned: false },
};

let origins, gates;
before(async () => {
  origins = [];
  for (const { betterAuth, strategy } of CASES) {
    const plugins = async (version) => [(await version.plugin("admin")).admin(), (await version.plugin("organization")).organization()];
    const { born, ...others } = additionalFields;
    const fields = betterAuth === "1.4.0" ? others : { ...others, born }; // 1.4.0 fails on its own dates
    origins.push(await startOrigin({ betterAuth, plugins, session: session(strategy), auth: { user: { additionalFields: fields } } }));
  }
  const named = CASES.map(({ strategy }, i) => [
    `gate${i}`,
    { APP: "here", options: { origin: origins[i].url, session: session(strategy) } },
  ]);
  gates = await startGates(origins[0], Object.fromEntries(named));
});
after(async () => {
  await gates?.close();
  for (const origin of origins ?? []) await origin.close();
});

for (const [i, { name }] of CASES.entries()) {
  test(name, async () => {
    const [origin, gate] = [origins[i], gates[`gate${i}`]];
    const asked = () => origin.counts["GET /api/auth/get-session"] ?? 0;
    const jar = await signUp(origin);
    const before = asked();
    const ours = await call(gate, jar, "/get-session");
    assert.equal(asked(), before, "answered at the edge");
    const theirs = await call(origin, jar, "/get-session");
    const [here, there] = [await ours.json(), await theirs.json()];
    assert.deepEqual(here, there);
    assert.equal(here.user.nickname, additionalFields.nickname.defaultValue);
    assert.equal(here.user.hidden, undefined);
    assert.deepEqual([ours.status, ours.headers.get("content-type")], [theirs.status, theirs.headers.get("content-type")]);
    const renewed = await visit(gate, jar.dropCache(), "/account");
    assert.equal(renewed.status, 200);
    assert.equal(asked(), before + 2);
    assert.deepEqual((await renewed.json()).user, there.user);
    assert.equal((await visit(gate, jar, "/account")).status, 200);
    assert.equal(asked(), before + 2, "the renewed cookie answers");
  });
}
