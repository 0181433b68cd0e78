// A session field with `returned: false` is in the cookie, but in the get-session response of neither the server nor the gate.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { call, signUp } from "../../../harness/origin.mjs";
import { visit } from "../edge/support.mjs";
import { inBoth, startInBoth } from "./support.mjs";

const notes = {
  id: "notes",
  schema: {
    session: {
      fields: {
        internalNote: { type: "string", required: false, input: false, returned: false, defaultValue: "not for the browser" },
        badge: { type: "string", required: false, input: false, defaultValue: "blue" },
      },
    },
  },
};
const plugins = async (ba) => [notes, (await ba.plugin("organization")).organization()];

const lookups = ({ counts }) => counts["GET /api/auth/get-session"] ?? 0;

/** Starts gates that differ in `gate` only; `both` runs a test with each. */
function gates(name, gate, tests) {
  describe(name, () => {
    let started;
    before(async () => (started = await startInBoth({ origin: { plugins }, gate: { hiddenFields: undefined, ...gate }, app: true })));
    after(() => started?.close());
    tests((title, run) =>
      inBoth(
        title,
        () => started,
        (gate) => run(gate, started.origin),
      ),
    );
  });
}

/** Returns the text of get-session through the gate and the number of requests to the origin. */
async function getSession(gate, origin, jar) {
  const asked = lookups(origin);
  const response = await call(gate, jar, "/get-session");
  assert.equal(response.status, 200);
  return { text: await response.text(), asked: lookups(origin) - asked };
}

const theirs = async (origin, jar) => (await call(origin, jar.clone(), "/get-session")).text();

async function appSeesEverything(gate, jar) {
  for (const path of ["/account", "/gate/authenticate"]) {
    const { session } = await (await visit(gate, jar.clone(), path)).json();
    assert.equal(session.internalNote, "not for the browser", path);
    assert.ok("activeOrganizationId" in session, path);
  }
}

gates("a gate that knows nothing of the server's plugins", {}, (both) => {
  both("the first get-session is the origin's, later ones the gate's, to the byte", async (gate, origin) => {
    const jar = await signUp(origin);
    const expected = await theirs(origin, jar);
    assert.doesNotMatch(expected, /internalNote/);
    assert.match(expected, /"badge":"blue"/);
    assert.match(expected, /"activeOrganizationId":null/);
    assert.deepEqual(await getSession(gate, origin, jar), { text: expected, asked: 1 });
    assert.deepEqual(await getSession(gate, origin, jar), { text: expected, asked: 0 });
    const other = await signUp(origin);
    assert.deepEqual(await getSession(gate, origin, other), { text: await theirs(origin, other), asked: 0 });
    await appSeesEverything(gate, jar);
  });
});

gates("a gate that renews a session", {}, (both) => {
  both("a renewal for the app teaches as well", async (gate, origin) => {
    const jar = (await signUp(origin)).dropCache();
    assert.equal((await visit(gate, jar, "/account")).status, 200);
    assert.deepEqual(await getSession(gate, origin, jar), { text: await theirs(origin, jar), asked: 0 });
    // The server reads no hidden field from its database: such a cache says nothing of one that was just signed in.
    const other = await signUp(origin);
    assert.deepEqual(await getSession(gate, origin, other), { text: await theirs(origin, other), asked: 1 });
  });
});

gates("a gate that is told of an answer to a credential", {}, (both) => {
  both("such an answer teaches nothing", async (gate, origin) => {
    const jar = await signUp(origin);
    await call(gate, jar.clone(), "/get-session", { headers: { "x-api-key": "no key" } });
    await visit(gate, jar.clone(), "/account", { headers: { "x-api-key": "no key" } });
    assert.equal((await getSession(gate, origin, jar)).asked, 1);
  });
});

gates("hiddenFields", { hiddenFields: { session: ["internalNote", "badge"], user: ["email"] } }, (both) => {
  both("names what get-session leaves out, and the origin is never asked", async (gate, origin) => {
    const jar = await signUp(origin);
    const expected = JSON.parse(await theirs(origin, jar));
    delete expected.session.badge;
    delete expected.user.email;
    assert.deepEqual(await getSession(gate, origin, jar), { text: JSON.stringify(expected), asked: 0 });
    await appSeesEverything(gate, jar);
    const { user } = await (await visit(gate, jar, "/account")).json();
    assert.equal(user.email, jar.credentials.email);
  });
});

gates("the server's own options", { hiddenFields: {}, plugins: [notes, { id: "other" }] }, (both) => {
  both("a field that a plugin's schema hides is hidden", async (gate, origin) => {
    const jar = await signUp(origin);
    assert.deepEqual(await getSession(gate, origin, jar), { text: await theirs(origin, jar), asked: 0 });
    await appSeesEverything(gate, jar);
  });
});
