// Compares the package with 0.1.0: its names, reasons and error codes, and the bytes of caches and Set-Cookie lines. The snapshot was
// taken from 0.1.0's own build. Every difference is listed here with its reason, and every listed difference must occur.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { observe } from "../../harness/compatibility/observe.mjs";

const before = JSON.parse(readFileSync(new URL("../../vectors/compatibility/0.1.0.json", import.meta.url), "utf8"));
const now = await observe(fileURLToPath(new URL("../dist", import.meta.url)));

/** Error codes that changed. */
const ERRORS = {
  "a base path without a slash": "accepted", // the server adds the slash
  "a session that is a text": "OPTION_INVALID", // it was ignored
};

/** Verdicts that changed: the part of a vector's name, and the new verdict. */
const VERDICTS = [
  ["header: one byte above 128 KiB", "unauthenticated header_too_long"], // was token_malformed
  ["jwt: EdDSA, as the JWT plugin signs", "stale unknown_key"], // was cache_bad_signature, which sends one to the secret
  // A header has no scheme: with tokens under both prefixes it does not show whose session it is.
  [/^prefix: .*, (https?|no scheme), (nothing configured|a dynamic baseURL of either)$/, "unauthenticated ambiguous_cookies"],
];

test("every name of 0.1.0 is exported", () => {
  for (const [entry, names] of Object.entries(before.names)) {
    assert.ok(names.length > 0);
    assert.deepEqual(
      names.filter((name) => !now.names[entry].includes(name)),
      [],
      entry,
    );
  }
});

test("every member of 0.1.0's verifier and gate exists", () => {
  for (const [object, members] of Object.entries(before.members)) {
    assert.ok(members.length >= 3);
    assert.deepEqual(
      members.filter((member) => !now.members[object].includes(member)),
      [],
      object,
    );
  }
});

test("invalid options have the error codes of 0.1.0", () => {
  assert.deepEqual(now.errors, { ...before.errors, ...ERRORS });
});

test("the vectors have the statuses and reasons of 0.1.0", () => {
  const used = new Set();
  const changed = (name) => VERDICTS.find(([pattern]) => (pattern instanceof RegExp ? pattern.test(name) : pattern === name));
  const names = Object.keys(before.verdicts).filter((name) => name in now.verdicts);
  assert.ok(names.length >= 600, `${names.length} vectors of 0.1.0 are left`);
  for (const name of names) {
    if (now.verdicts[name] === before.verdicts[name]) continue;
    const [pattern, expected] = changed(name) ?? [];
    used.add(pattern);
    assert.equal(now.verdicts[name], expected ?? before.verdicts[name], name);
  }
  assert.equal(used.size, VERDICTS.length);
});

test("minted caches equal those of 0.1.0 byte for byte", () => {
  assert.deepEqual(now.minted, before.minted);
  assert.deepEqual(now.decoded, before.decoded);
});

test("Set-Cookie lines equal those of 0.1.0 byte for byte", () => {
  const lines = Object.values(before.setCookies);
  assert.ok(lines.length === 18 && lines.every((line) => line.length === 3));
  assert.deepEqual(now.setCookies, before.setCookies);
});
