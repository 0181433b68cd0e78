// Observes a build of the package: its names, reasons, error codes, and the bytes of what it mints. Run alone it prints what a build
// does as JSON: `node harness/compatibility/observe.mjs <dist folder> > vectors/compatibility/0.1.0.json` made the snapshot of 0.1.0.
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { NOW, OPTIONS, SESSION, STRATEGIES, USER, seal, payloadText, signedToken } from "../verdicts/seal.mjs";

const ENTRIES = ["index", "slim", "cookies", "explain", "edge", "plugin", "client", "react"];
const SECURE = { ...OPTIONS, baseURL: "https://app.example" };

/** Invalid options, by name. */
const INVALID = {
  "no options": undefined,
  "no secret": {},
  "an empty secret": { secret: "" },
  "a secret that is a number": { secret: 1 },
  "secrets that are not a list": { secrets: "x" },
  "two secrets of one version": {
    secrets: [
      { version: 1, value: "a" },
      { version: 1, value: "b" },
    ],
  },
  "17 secrets": { secrets: Array.from({ length: 17 }, (_, version) => ({ version, value: `secret ${version}` })) },
  "an unknown strategy": { ...OPTIONS, session: { cookieCache: { enabled: true, strategy: "rot13" } } },
  "no strategy": { ...OPTIONS, session: { cookieCache: { enabled: true, strategy: [] } } },
  "a negative age": { ...OPTIONS, session: { freshAge: -1 } },
  "an age that is a text": { ...OPTIONS, session: { expiresIn: "1d" } },
  "a prefix that is a number": { ...OPTIONS, advanced: { cookiePrefix: 1 } },
  "a session that is a text": { ...OPTIONS, session: "x" },
};
const INVALID_GATE = {
  "no origin": { ...SECURE },
  "an origin that is no URL": { ...SECURE, origin: "nowhere" },
  "a base path without a slash": { ...SECURE, origin: "https://auth.example", basePath: "api" },
  "a pattern without a slash": { ...SECURE, origin: "https://auth.example", routes: { public: ["x"] } },
  "a sign-in URL of another scheme": { ...SECURE, origin: "https://auth.example", routes: { signInURL: "javascript:x" } },
  "a grace that is a text": { ...SECURE, origin: "https://auth.example", graceWhenOriginIsDown: "1h" },
};

/** Returns what the build in `dist` does. The clock stands a minute after NOW, and random bytes are all 7 meanwhile. */
export async function observe(dist) {
  const load = (entry) => import(pathToFileURL(join(resolve(dist), `${entry}.js`)).href);
  const modules = Object.fromEntries(await Promise.all(ENTRIES.map(async (entry) => [entry, await load(entry)])));
  const restore = holdClockAndRandomness();
  try {
    const { createVerifier, decode } = modules.index;
    const { createSessionGate } = modules.edge;
    const verifier = createVerifier(SECURE);
    const create = (options) => createSessionGate({ ...options, origin: "https://auth.example" });
    return {
      names: Object.fromEntries(ENTRIES.map((entry) => [entry, Object.keys(modules[entry]).sort()])),
      members: { verifier: Object.keys(verifier).sort(), gate: membersOf(create(SECURE)) },
      errors: { ...codes(createVerifier, INVALID), ...codes(createSessionGate, INVALID_GATE) },
      verdicts: verdicts(createVerifier),
      minted: Object.fromEntries(
        STRATEGIES.map((strategy) => [strategy, verifier.mint({ session: SESSION, user: USER }, { strategy, at: NOW })]),
      ),
      decoded: STRATEGIES.map((strategy) => decode(seal(strategy, payloadText()))?.strategy),
      setCookies: await setCookies(create),
    };
  } finally {
    restore();
  }
}

function membersOf(gate) {
  const own = Object.keys(gate);
  const inherited = Object.getOwnPropertyNames(Object.getPrototypeOf(gate)).filter(
    (name) => name !== "constructor" && !(name in Object.prototype),
  );
  return [...new Set([...own, ...inherited])].sort();
}

function codes(create, options) {
  const codeOf = (one) => {
    try {
      create(one);
      return "accepted";
    } catch (error) {
      return error.code;
    }
  };
  return Object.fromEntries(Object.entries(options).map(([name, one]) => [name, codeOf(one)]));
}

/** Returns status and reason of every vector, by file and name. */
function verdicts(createVerifier) {
  const folder = fileURLToPath(new URL("../../vectors/verdicts/", import.meta.url));
  const part = (one) => (typeof one === "string" ? one : one.repeat.repeat(one.times));
  const judged = {};
  for (const name of readdirSync(folder).sort()) {
    const file = JSON.parse(readFileSync(join(folder, name), "utf8"));
    for (const one of [...file.accept, ...file.reject]) {
      const verdict = createVerifier(one.options ?? file.options).verify([one.cookie].flat().map(part).join(""), file.now);
      judged[`${name.slice(0, -5)}: ${one.name}`] = [verdict.status, verdict.reason].filter(Boolean).join(" ");
    }
  }
  return judged;
}

/** Returns the Set-Cookie lines with which the gate renews a cache of a server without a database, for several cookie options. */
async function setCookies(create) {
  const attributes = {
    "https": { baseURL: "https://app.example" },
    "http": { baseURL: "http://localhost:3000" },
    "a prefix": { baseURL: "https://app.example", advanced: { cookiePrefix: "app" } },
    "a domain": { baseURL: "https://app.example", advanced: { crossSubDomainCookies: { enabled: true, domain: "example.com" } } },
    "attributes": {
      baseURL: "https://app.example",
      advanced: { defaultCookieAttributes: { sameSite: "none", secure: true, partitioned: true, path: "/app" } },
    },
    "names": {
      baseURL: "https://app.example",
      advanced: { cookies: { session_token: { name: "st" }, session_data: { name: "sd", attributes: { httpOnly: false } } } },
    },
  };
  const lines = {};
  for (const [name, options] of Object.entries(attributes)) {
    for (const strategy of STRATEGIES) {
      const { secret } = OPTIONS;
      const session = { cookieCache: { enabled: true, strategy, maxAge: 300, refreshCache: { updateAge: 290 } } };
      const gate = create({ secret, session, ...options });
      const { cookiePrefix = "better-auth", cookies } = options.advanced ?? {};
      const prefix = options.baseURL.startsWith("https") ? "__Secure-" : "";
      const [token, data] = ["session_token", "session_data"].map((key) => prefix + (cookies?.[key]?.name ?? `${cookiePrefix}.${key}`));
      const value = seal(strategy, payloadText());
      const request = new Request(`${options.baseURL}/page`, { headers: { cookie: `${token}=${signedToken()}; ${data}=${value}` } });
      const waits = [];
      const response = await gate.fetch(request, { waitUntil: (promise) => waits.push(promise) }, () => new Response("page"));
      await Promise.all(waits);
      lines[`${name}, ${strategy}`] = [response.status, ...response.headers.getSetCookie()];
    }
  }
  return lines;
}

function holdClockAndRandomness() {
  const { now } = Date;
  const random = crypto.getRandomValues;
  Date.now = () => NOW + 60_000;
  Object.defineProperty(crypto, "getRandomValues", { configurable: true, value: (bytes) => bytes.fill(7) });
  return () => {
    Date.now = now;
    Object.defineProperty(crypto, "getRandomValues", { configurable: true, value: random });
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(await observe(process.argv[2]), null, 2));
