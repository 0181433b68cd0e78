// Two minutes of the soak: a minute on Redis and one on a Durable Object, whose feed is restarted every 12 seconds. What a slow
// machine changes (the rate, the time that a lookup takes) is not judged here.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { failuresOf, growthOf } from "../../../harness/fleet/soak-judge.mjs";
import { described, soak } from "../../../harness/fleet/soak.mjs";
import { stalledWithin } from "../../../harness/fleet/stalls.mjs";

for (const kind of ["redis", "durable-object"]) {
  test(`${kind}: nobody is let in beyond the bound, and nobody who is signed in gets an error`, async () => {
    const figures = await soak(kind, 1, { log() {}, restartEvery: 12_000, rate: 100, gate: { originTimeout: 30_000 } });
    assert.deepEqual(figures.failures, [], described(figures).join("\n"));
    assert.ok(figures.requests > 100 && figures.revocations > 5 && figures.restarts.length >= 2, described(figures).join("\n"));
  });
}

describe("the judge of the soak", () => {
  const minute = 60_000;
  const samples = (bytesAt) => Array.from({ length: 121 }, (_, at) => ({ at: (at * minute) / 4, bytes: bytesAt(at / 4) }));
  const good = { letIn: [], errors: [], stalls: [], memory: [] };
  const failed = (figures) => failuresOf({ ...good, ...figures }).length > 0;

  test("fails for one session that was let in, and for one error", () => {
    assert.equal(failed({}), false);
    assert.equal(failed({ letIn: [{ after: 1001 }] }), true);
    assert.equal(failed({ errors: [{ sent: 0, done: 5000, status: 503 }] }), true);
  });

  test("excuses an error only if processes stood still for half of its time limit", () => {
    const errors = [{ sent: 1000, done: 6000, status: 503 }];
    const stalls = [
      { from: 0, to: 2000 },
      { from: 1500, to: 2500 },
      { from: 5500, to: 9000 },
    ];
    assert.equal(stalledWithin(stalls, 1000, 6000), 2000, "what overlaps counts once");
    assert.equal(failed({ errors, stalls }), true);
    assert.equal(failed({ errors, stalls: [...stalls, { from: 3000, to: 3500 }] }), false);
  });

  test("fails for memory that grows by 8 bytes a request, after the warm-up and whatever the noise", () => {
    const noise = (at) => 400_000 * Math.sin(at * 12.9898);
    const series = (growth) => ({
      name: "heap",
      limit: 50_000,
      warmUp: 5,
      samples: samples((at) => 24e6 + noise(at) + (at < 5 ? at * 1e6 : 5e6) + growth * at),
    });
    assert.equal(failed({ memory: [series(0)] }), false);
    assert.equal(failed({ memory: [series(100_000)] }), true);
    const { growth, minutes } = growthOf(series(100_000).samples, 5);
    assert.ok(Math.abs(growth - 100_000) < 30_000 && minutes === 25, `${growth} in ${minutes} minutes`);
    const short = { ...series(1e6), samples: series(1e6).samples.slice(0, 30) };
    assert.equal(failed({ memory: [short] }), false, "two minutes after the warm-up are too short to tell");
  });
});
