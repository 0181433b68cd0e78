// The core's vectors through `gate.fetch` in workerd, each at its own time: what is refused opens no door and breaks
// nothing, what is accepted is let in without a question, and nothing is logged of either.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { startGates } from "./support.mjs";

const folder = new URL("../../../vectors/verdicts/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
const read = (name) => JSON.parse(readFileSync(new URL(name, folder)));

let gates;
before(async () => {
  const workers = files.map((name) => {
    const { options, now } = read(name);
    return [name.replace(".json", ""), { options: { secret: undefined, ...options }, CLOCK: now, NOBODY: true, APP: "here" }];
  });
  gates = await startGates({ url: "http://unused" }, Object.fromEntries(workers));
});
after(() => gates?.close());

for (const name of files) {
  test(`${name}: refused is refused, accepted is let in`, async () => {
    const { accept, reject } = read(name);
    // A gate is given requests, and a request has a scheme.
    const all = [...accept.map((one) => ({ ...one, accepted: true })), ...reject].filter(({ scheme }) => scheme !== "none");
    const cases = all.map((one) => ({ ...one, cookie: text(one.cookie) }));
    const gate = gates[name.replace(".json", "")];
    const response = await fetch(`${gate.url}/gate/each`, {
      method: "POST",
      body: JSON.stringify(cases.map(({ cookie, options, scheme }) => ({ cookie, options, scheme }))),
    });
    assert.equal(response.status, 200, "the test's own worker");
    const answers = await response.json();
    assert.ok(reject.length > 20 && accept.length > 3);
    let sent = 0;
    // A gate asks once about a session that the origin does not have, and remembers that for a while. No clock runs here.
    const missing = new Set();
    const asks = ({ status, token, options }) => {
      const of = JSON.stringify([token, options]);
      return status === "stale" && !missing.has(of) && missing.add(of) ? 1 : 0;
    };
    for (const [i, one] of cases.entries()) {
      const seen = answers[i];
      if (seen === "not a header") continue;
      sent += 1;
      if (one.accepted) assert.deepEqual(seen, { status: 200, asked: 0, logged: [] }, one.name);
      else assert.deepEqual(seen, { status: 401, code: "UNAUTHORIZED", asked: asks(one), logged: [] }, one.name);
    }
    assert.ok(sent > cases.length * 0.8, `${sent} of ${cases.length} can be a header`);
  });
}

/** Text, or a list of texts and `{ repeat, times }`. */
function text(cookie) {
  const part = (one) => (typeof one === "string" ? one : one.repeat.repeat(one.times));
  return Array.isArray(cookie) ? cookie.map(part).join("") : part(cookie);
}
