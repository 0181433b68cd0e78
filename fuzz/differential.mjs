// Compares the built package with the functions of Better Auth and of JavaScript on mutated inputs: `node fuzz/differential.mjs SECONDS [SEED]`.
//
// | ours | the original |
// |---|---|
// | `parseCookies` | `parseCookies` of better-auth/cookies |
// | `getCookieCache` | `getCookieCache` of better-auth/cookies |
// | the JSON reader, by way of `decode` | `JSON.parse` |
//
// The inputs are those of fuzz/corpus (make fuzz keeps what reached new code there) and signed caches of every strategy.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import * as theirs from "better-auth/cookies";
import { decode } from "../pkg/dist/index.js";
import * as ours from "../pkg/dist/cookies.js";
import { DATA, SECRET, VERSION } from "../harness/differential/bench.mjs";
import { sign } from "../harness/differential/claims.mjs";
import { generator } from "../pkg/test/cookies/random.mjs";

const folder = dirname(fileURLToPath(import.meta.url));
const [seconds = "60", seed = String(Date.now() % 2 ** 32)] = process.argv.slice(2);
const random = generator(Number(seed));
const STRATEGIES = ["compact", "jwt", "jwe"];
/** The deepest JSON that the core reads. */
const MAX_DEPTH = 64;
for (const level of ["error", "warn"]) console[level] = () => {}; // Better Auth logs each refusal

const inputs = (target) => {
  const path = join(folder, "corpus", target);
  return existsSync(path) ? readdirSync(path).map((name) => readFileSync(join(path, name), "utf8")) : [];
};
const words = readFileSync(join(folder, "words.dict"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith('"'))
  .map((line) => JSON.parse(line));
const headers = ["a=1; b=2", ...inputs("cookie_header")];
const texts = ['{"a":[1,"b",null]}', ...inputs("json"), ...words];
const pieces = [...'=;, \t"\\%._-{}[]:0159eE+truefalsn\u0000\u007f\u00e9\ud800\u2028', ...words];

const session = {
  id: "s1",
  token: "vN4pQ7sT1wY3zB6dF8hK2mP5rU9xA0cE",
  userId: "u1",
  expiresAt: new Date(Date.now() + 6e8).toISOString(),
  createdAt: new Date().toISOString(),
  updatedAt: new Date().toISOString(),
  ipAddress: "",
  userAgent: "",
};
const user = {
  id: "u1",
  name: "Ada",
  email: "ada@example.com",
  emailVerified: false,
  image: null,
  createdAt: session.createdAt,
  updatedAt: session.updatedAt,
};

/** Changes a text in one to four places. */
function mutate(text, others) {
  let out = text;
  for (let times = 1 + random.below(4); times > 0; times--) {
    const [from, to] = [random.below(out.length + 1), random.below(out.length + 1)].sort((one, two) => one - two);
    const other = random.pick(others);
    const cut = random.below(other.length + 1);
    out = random.pick([
      () => out.slice(0, from) + random.pick(pieces) + out.slice(from),
      () => out.slice(0, from) + random.pick(pieces) + out.slice(from + 1),
      () => out.slice(0, from) + out.slice(Math.min(to, from + 8)),
      () => out.slice(0, from) + out.slice(from, Math.min(to, from + 30)).repeat(2) + out.slice(from),
      () => out.slice(0, from) + other.slice(cut, cut + 40) + out.slice(from),
      () => out.slice(0, from) + String.fromCharCode(out.charCodeAt(from) ^ (1 << random.below(7))) + out.slice(from + 1),
    ])();
  }
  return out.slice(0, 4000);
}

const outcome = async (run) => {
  try {
    return { value: await run() };
  } catch (error) {
    return { threw: error.name };
  }
};
const depth = (value) => (value !== null && typeof value === "object" ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0);
const parsed = (text) => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
};

async function cookies() {
  const header = mutate(random.pick(headers), headers);
  const [mine, original] = [await outcome(() => [...ours.parseCookies(header)]), await outcome(() => [...theirs.parseCookies(header)])];
  return isDeepStrictEqual(mine, original) ? undefined : { header, mine, original };
}

function json() {
  const text = `{"a":${mutate(random.pick(texts), texts)}}`;
  const value = Buffer.from(`{"session":${text},"expiresAt":1,"signature":"${"A".repeat(43)}"}`).toString("base64url");
  // The text as it comes out of UTF-8: a lone surrogate does not.
  const original = parsed(Buffer.from(text).toString());
  const mine = decode(value);
  if (!original) return mine === null ? undefined : { text, mine, original: "a SyntaxError" };
  if (mine === null) return depth(original.value) > MAX_DEPTH ? undefined : { text, mine, original };
  return isDeepStrictEqual(mine.payload, original.value) ? undefined : { text, mine: mine.payload, original };
}

/** The reasons for which the package returns `null` where the original returns a session: see harness/differential/differences.mjs. */
function isIntended(value, text) {
  const segments = value.split(".");
  if (segments.some((segment) => Buffer.from(segment, "base64url").toString("base64url") !== segment)) return true;
  if (text === undefined) return false;
  const claims = parsed(text)?.value;
  return claims === undefined || depth(claims) > MAX_DEPTH || !("exp" in claims);
}

async function cache() {
  const strategy = random.pick(STRATEGIES);
  // Half of the caches are signed after the change, half changed after they were signed.
  // The original makes a member `__proto__` the prototype of its object: harness/verdicts/differences.mjs has that.
  const member = mutate(random.pick(texts), texts).replaceAll("__proto__", "proto");
  const payload = { session, user: { ...user, more: parsed(member)?.value ?? member }, updatedAt: Date.now(), version: VERSION };
  const name = random.pick(["session", "user", "updatedAt", "version", "exp", "iat", "nbf"]);
  const changes = parsed(member)?.value;
  // jose encrypts no token whose times are not finite numbers.
  const canSign = strategy !== "jwe" || Number.isFinite(changes) || !["exp", "iat", "nbf"].includes(name);
  const claims = canSign && random.below(2) ? { [name]: changes } : {};
  let value = await sign({ strategy }, { ...payload, ...(strategy === "compact" ? claims : {}) }, { claims });
  const changed = random.below(2) === 1;
  if (changed) value = mutate(value, texts).replace(/[;=,\s"\\]|[^\x21-\x7e]/g, "");
  const header = `${DATA}=${value}`;
  const config = { secret: SECRET, strategy, version: VERSION, isSecure: false };
  const read = (lib) => outcome(() => lib.getCookieCache(new Headers({ cookie: header }), config));
  const [mine, original] = [await read(ours), await read(theirs)];
  if (mine.threw) return { header, mine, original };
  if (mine.value === null) {
    if (!original.value) return undefined;
    const text = strategy === "jwt" ? Buffer.from(value.split(".")[1] ?? "", "base64url").toString() : undefined;
    // A claim that no server writes, which only the holder of the secret can sign, may be refused.
    const odd = Object.keys(claims).length > 0 || depth(payload) > MAX_DEPTH;
    return odd || isIntended(value, text) ? undefined : { header, claims, mine, original };
  }
  return isDeepStrictEqual(mine, original) ? undefined : { header, claims, mine, original };
}

const counts = { parseCookies: [cookies, 0], "JSON.parse": [json, 0], getCookieCache: [cache, 0] };
const end = Date.now() + Number(seconds) * 1000;
let difference;
while (!difference && Date.now() < end) {
  for (const [name, entry] of Object.entries(counts)) {
    // The last is the slowest.
    for (let times = name === "getCookieCache" ? 20 : 200; times > 0 && !difference; times--) {
      difference = await entry[0]();
      entry[1] += 1;
      if (difference) difference.function = name;
    }
  }
}
const total = Object.values(counts).reduce((sum, [, times]) => sum + times, 0);
for (const [name, [, times]] of Object.entries(counts)) console.log(`${name}: ${times} inputs`);
console.log(`seed ${seed}: ${total} inputs, ${difference ? 1 : 0} differences`);
if (difference) console.log(JSON.stringify(difference, undefined, 1).slice(0, 6000));
process.exit(difference ? 1 : 0);
