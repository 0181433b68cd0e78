// How the cookies of two versions differ.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { differences } from "../compare-vectors.mjs";

const vectors = async (version) =>
  JSON.parse(await readFile(new URL(`../../vectors/better-auth/${version}.json`, import.meta.url), "utf8"));
const one = (changes) => ({
  vectors: [{ name: "n", cookies: { c: "v" }, expect: { user: { id: "1" } }, server: { read: "same" }, ...changes }],
});

test("two versions that write the same cookies at other times with other keys do not differ", async () => {
  assert.deepEqual(differences(await vectors("1.4.0"), await vectors("1.4.22")), []);
});

test("what a version has added and how it reads its own cookies", async () => {
  assert.ok(differences(await vectors("1.4.22"), await vectors("1.5.6")).includes('- "secrets, compact" is new'));
  assert.ok(differences(await vectors("1.5.6"), await vectors("1.4.22")).includes('- "secrets, compact" is gone'));
  const read = differences(one({}), one({ server: { read: { differs: { "user.id": "2" } } } }));
  assert.deepEqual(read, ['- "n": no longer read: "same"', '- "n": now read: {"differs":{"user.id":"2"}}']);
});

test("a cookie's name, a header's algorithm, a member and its type", () => {
  const jwt = (header) => `${Buffer.from(JSON.stringify(header)).toString("base64url")}.e30.x`;
  for (const [before, after, lines] of [
    [{}, { cookies: { d: "v" } }, ["no longer the cookie `c`", "now the cookie `d`"]],
    [{}, { expect: { user: { id: 1 } } }, ["no longer in the session: `user.id` is string", "now in the session: `user.id` is number"]],
    [{}, { expect: { user: { id: "2", role: null } } }, ["now in the session: `user.role` is null"]],
    [
      { cookies: { c: jwt({ alg: "HS256" }) } },
      { cookies: { c: jwt({ alg: "HS512" }) } },
      ["no longer in the header of `c`: `alg` is `HS256`", "now in the header of `c`: `alg` is `HS512`"],
    ],
    [{ cookies: { c: jwt({ alg: "HS256", kid: "1" }) } }, { cookies: { c: jwt({ alg: "HS256", kid: "2" }) } }, []],
  ]) {
    assert.deepEqual(
      differences(one(before), one(after)),
      lines.map((line) => `- "n": ${line}`),
    );
  }
});
