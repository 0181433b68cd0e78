// Each endpoint of each pinned server is classified, and the gate rejects each session that a call deletes.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { VERSIONS } from "../../../harness/origin.mjs";
import { everything } from "./endpoints.mjs";
import { KEEPS } from "./endpoints-that-keep.mjs";
import { LIKE, NOT_IN, PLUGIN_ONLY, SCENARIOS } from "./endpoint-scenarios.mjs";
import { World } from "./endpoint-world.mjs";

const classified = [...KEEPS, ...Object.keys(SCENARIOS), ...Object.keys(PLUGIN_ONLY), ...Object.keys(LIKE)];
const servers = new Map(await Promise.all(VERSIONS.map(async (version) => [version, await everything(version)])));
const deleting = new Set();

test("each classified endpoint exists in a version and is classified once", () => {
  assert.equal(new Set(classified).size, classified.length);
  const known = new Set([...servers.values()].flatMap(({ endpoints }) => [...endpoints]));
  assert.deepEqual(
    classified.filter((endpoint) => !known.has(endpoint)),
    [],
  );
  for (const scenario of Object.values(LIKE)) assert.ok(scenario in SCENARIOS, scenario);
});

for (const [version, server] of servers) {
  describe(version, () => {
    test("every endpoint is classified", () => {
      assert.deepEqual(
        [...server.endpoints].filter((endpoint) => !classified.includes(endpoint)),
        [],
        "new: say what it does to sessions",
      );
    });

    for (const [endpoint, run] of Object.entries(SCENARIOS)) {
      if (!server.endpoints.has(endpoint) || NOT_IN.has(`${version} ${endpoint}`)) continue;
      test(`${endpoint}: the deleted sessions are recorded`, async () => {
        const { status, text, deleted, unseen } = await run(new World(server));
        assert.ok(status < 400, `${status} ${text}`);
        assert.deepEqual(unseen, []);
        if (deleted.length > 0) deleting.add(endpoint);
      });
    }

    for (const [endpoint, run] of Object.entries(PLUGIN_ONLY)) {
      if (!server.endpoints.has(endpoint)) continue;
      test(`${endpoint} without a session: the gate cannot know whose sessions it ends`, async () => {
        const { status, text, deleted, unseen } = await run(new World(server));
        assert.ok(status < 400, `${status} ${text}`);
        assert.deepEqual(unseen, deleted);
        if (deleted.length > 0) deleting.add(endpoint);
      });
    }

    test("all other endpoints delete no session", async () => {
      const world = new World(server);
      const person = await world.person();
      await world.signIn(person);
      for (const endpoint of server.endpoints) {
        if (!KEEPS.has(endpoint)) continue;
        const [method, path] = endpoint.split(" ");
        const body =
          method === "GET" ? undefined : { name: "Augusta", email: person.credentials.email, password: person.credentials.password };
        // A session that a call had asked about is believed again in a world of its own.
        const fresh = new World(server);
        const own = await fresh.signIn(person);
        const { deleted } = await fresh.through(own.jar, path.replace(/:\w+/, "own"), { method, body });
        assert.deepEqual(deleted, [], endpoint);
      }
    });
  });
}

test("every scenario deletes a session in some version", () => {
  assert.deepEqual(
    [...Object.keys(SCENARIOS), ...Object.keys(PLUGIN_ONLY)].filter((endpoint) => !deleting.has(endpoint)),
    [],
  );
});
