// Runs alone, because a module's memory never shrinks: node --expose-gc memory-child.mjs FOLDER cookies|headers|gate-cookies|gate-headers|index
// Prints the greatest memory of a module and the growth of JavaScript's, in bytes.
import { createHmac } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { sample, secret } from "../sample.mjs";
import { CONFIG, batchOf, isolates } from "../parts/memory.mjs";

const [folder, what] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(folder, path)));

const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...from) {
    super(...from);
    memories.push(this.exports.memory);
  }
};

const growth = what === "index" ? await fillIndex() : await sendMany();
console.log(JSON.stringify({ module: Math.max(...memories.map(({ buffer }) => buffer.byteLength)), heap: growth }));

async function sendMany() {
  const { createVerifier } = await load("dist/index.js");
  const { accept, recycle } = what.startsWith("gate") ? await gateOf() : verifierOf(createVerifier);
  const minter = sample(createVerifier, "compact").verifier;
  const isLong = what.endsWith("headers");
  const padding = isLong ? `; padding=${"x".repeat(63_000)}` : "";
  await send(minter, accept, 2000, padding);
  recycle();
  const before = used();
  memories.splice(1, memories.length); // the minter's module is the verifier's
  await send(minter, accept, isLong ? 100_000 : what === "cookies" ? 1_000_000 : 200_000, padding);
  return used() - before;
}

/** Sends distinct cookies of distinct sessions. */
async function send(minter, accept, count, padding) {
  const now = Date.now();
  const dates = { createdAt: new Date(now), updatedAt: new Date(now) };
  for (let number = 0; number < count; number++) {
    const token = `${String(number).padStart(12, "0")}Zk3s9QxT1mVb7LpR4wYc8`;
    const user = { id: `user-${number}`, name: "Ada Lovelace", email: "ada@example.com", emailVerified: true, image: null, ...dates };
    const session = { id: `session-${number}`, token, userId: user.id, expiresAt: new Date(now + 6e8), ...dates };
    const signed = encodeURIComponent(`${token}.${createHmac("sha256", secret).update(token).digest("base64")}`);
    const value = minter.mint({ session, user });
    await accept(`better-auth.session_token=${signed}; better-auth.session_data=${value}${padding}`);
  }
}

function verifierOf(createVerifier) {
  const options = { secret, session: { cookieCache: { enabled: true } } };
  let verifier = createVerifier(options);
  const accept = (header) => {
    if (verifier.verify(header).status !== "authenticated") throw new Error("a cookie was refused");
  };
  return { accept, recycle: () => (verifier = createVerifier(options)) };
}

async function gateOf() {
  const { createSessionGate } = await load("dist/edge.js");
  const options = { secret, origin: "http://localhost:1", hiddenFields: {}, session: { cookieCache: { enabled: true } } };
  let gate = createSessionGate(options);
  const ctx = { waitUntil() {} };
  let cookie;
  const headers = { get: (name) => (name === "cookie" ? cookie : null), has: () => false };
  const request = { method: "GET", url: "http://app.example/api/auth/get-session", headers }; // a Request of Node takes ten times the rest
  const accept = async (header) => {
    cookie = header;
    if ((await gate.fetch(request, ctx)).status !== 200) throw new Error("a cookie was refused");
  };
  return { accept, recycle: () => (gate = createSessionGate(options)) };
}

/** Fills the index to its bound, and once more with later revocations. */
async function fillIndex() {
  const { start, partsOf } = await isolates(folder);
  const now = Date.now();
  const maker = start();
  const batches = [0, 1000].map((after) => batchOf(maker, 114_688, now + after, `token-${after}`));
  const Marks = start();
  memories.splice(0, memories.length - 1);
  const marks = new Marks(CONFIG, "{}");
  for (const part of batches.flatMap(partsOf)) marks.take(part, now + 2000);
  return marks.size();
}

function used() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const ofModules = memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  return heapUsed + Math.max(0, arrayBuffers - ofModules);
}
