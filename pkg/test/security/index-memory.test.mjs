// The memory of gate.wasm with a full revocation index stays within the limit of ARCHITECTURE.md, when a new isolate reads all
// entries and when entries are added and expire.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { memories } from "./memories.mjs";
import { signUp, somebody } from "../../../harness/origin.mjs";
import { startWithFeed } from "./feed.mjs";
import { inBoth } from "./support.mjs";

const MAX_MARKS = 114_688;

/** ARCHITECTURE.md: 10.8 MB of a full index whose entries have exceptions, 12.2 MB after one that has been full for long. */
const BOUND = 13e6;

describe("gate.wasm", () => {
  let at;
  before(async () => (at = await startWithFeed()));
  after(() => at?.close());

  inBoth(
    `stays within ${BOUND / 1e6} MB with ${MAX_MARKS} revocations and twice as many`,
    () => at,
    async (gate) => {
      const page = (jar) => fetch(`${gate.url}/page`, { headers: { cookie: jar.header() } });
      const jar = await signUp(gate, somebody());
      const memory = async () => (await (await fetch(`${gate.url}/test/memory`)).json()).at(-1);
      const seen = [];
      for (const head of [0x11, 0x10]) {
        await fetch(`${gate.url}/test/fill?count=${MAX_MARKS}&head=${head}`);
        await new Promise((resolve) => setTimeout(resolve, 1200));
        assert.ok((await page(jar)).status < 500);
        seen.push(await memory());
      }
      assert.ok(seen[0] > 10e6, `the index is full: ${seen}`);
      assert.ok(seen[1] <= BOUND, `${seen}`);
    },
  );
});

after(() => assert.ok(memories.length > 0, "memory is measured"));
