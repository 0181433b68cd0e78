// The longest inputs that are read, in every shape: the module's memory stays within the bound that SECURITY.md states,
// and has grown all it will after the first rounds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NOW, OPTIONS, OTHER_SECRET, STRATEGIES, USER, payloadText, seal, signedToken } from "../../harness/verdicts/seal.mjs";

const LONGEST = 128 * 1024;
const BOUND = 2 * 1024 * 1024;

const memories = [];
const Instance = WebAssembly.Instance;
WebAssembly.Instance = function (module, imports) {
  const instance = new Instance(module, imports);
  memories.push(instance.exports.memory);
  return instance;
};
const { createVerifier, decode } = await import("../dist/index.js");

const head = `better-auth.session_token=${signedToken()}; `;
const name = "better-auth.session_data";
const room = LONGEST - head.length - name.length - 1;
const filled = (piece, length = room) => piece.repeat(Math.floor(length / piece.length));

/** A value nearly as long as the room, with a user that holds `piece` again and again. */
function long(strategy, before, piece, after, options) {
  const user = `${JSON.stringify(USER).slice(0, -1)},"more":${before}${filled(piece, (room * 3) / 4 - 1500)}${after}}`;
  return seal(strategy, payloadText({ user }), options);
}

const jwe = `${Buffer.from('{"alg":"dir","enc":"A256CBC-HS512"}').toString("base64url")}..${"A".repeat(22)}.${filled("A", room - 200)}.${"A".repeat(43)}`;
const shapes = {
  "percent-escapes": filled("%41"),
  "three bytes a character": filled("漢"),
  "no separator": filled("A"),
  "forged, JWE without a key's name": jwe,
};
const accepted = {};
for (const strategy of STRATEGIES) {
  accepted[`${strategy}, one long text`] = long(strategy, '"', "x", '"');
  accepted[`${strategy}, escapes`] = long(strategy, '"', "\\u00e9\\n", '"');
  accepted[`${strategy}, many members`] = long(strategy, '{"z":0', ',"a":1', "}");
  accepted[`${strategy}, many values`] = long(strategy, "[0", ",0", "]");
  shapes[`${strategy}, deep`] = long(strategy, "", "[", "");
  shapes[`${strategy}, forged`] = long(strategy, '"', "x", '"', { secret: OTHER_SECRET });
}
const headers = {
  "short pairs": filled("a=b;", LONGEST),
  "short pairs under one name": filled("better-auth.session_token=;", LONGEST),
  "a long token": `better-auth.session_token=${filled("%41", LONGEST - 30)}`,
  "all chunks": head + Array.from({ length: 100 }, (_, i) => `${name}.${i}=${filled("%41", 1270)}`).join("; "),
};
for (const [shape, value] of Object.entries({ ...accepted, ...shapes })) headers[shape] = `${head}${name}=${value}`;

const verifier = createVerifier(OPTIONS);

const values = Object.values({ ...accepted, ...shapes });

function round() {
  for (const header of Object.values(headers)) verifier.verify(header, NOW);
  for (const value of values) {
    verifier.open(value, NOW);
    decode(value);
  }
}

test("the inputs have the maximum length and are read completely", () => {
  for (const [shape, header] of Object.entries(headers)) {
    assert.ok(header.length <= LONGEST && header.length > LONGEST - 2048, `${shape}: ${header.length}`);
    const { status, reason } = verifier.verify(header, NOW);
    assert.equal(status === "authenticated", shape in accepted, `${shape}: ${reason}`);
  }
});

test("two hundred rounds of inputs of 128 KiB stay within the memory limit without growth", () => {
  for (let i = 0; i < 3; i++) round();
  assert.equal(memories.length, 1);
  const before = memories[0].buffer.byteLength;
  assert.ok(before <= BOUND, `${before / 1024} KiB`);
  for (let i = 0; i < 200; i++) round();
  assert.equal(memories[0].buffer.byteLength, before);
  assert.equal(memories.length, 1, "no call has trapped");
});
