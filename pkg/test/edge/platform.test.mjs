// Tests in workerd that the gate passes on the members that only Workers add to requests and responses.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { signUp } from "../../../harness/origin.mjs";
import { startAll, visit } from "./support.mjs";

let all, jar;
before(async () => {
  all = await startAll({}, { gate: { entry: "platform-worker.mjs" } });
  jar = await signUp(all.origin);
});
after(() => all?.close());

test("`next` and the app behind it get request.cf", async () => {
  assert.deepEqual(await (await visit(all.gate, jar, "/cf")).json(), ["NL", "NL"]);
});

test("a body that the app encoded is not encoded again", async () => {
  for (const cache of ["current", "lapsed"]) {
    const visitor = cache === "lapsed" ? jar.clone().dropCache() : jar;
    const response = await visit(all.gate, visitor, "/gzip");
    assert.equal(response.status, 203);
    assert.equal(response.headers.get("x-app"), "here");
    assert.match(response.headers.get("cache-control"), /private/);
    assert.equal(await response.text(), "hello ".repeat(200), cache);
  }
});
