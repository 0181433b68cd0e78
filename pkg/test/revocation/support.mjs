// Starts two gate Workers in real workerd that share a feed, in front of a real Better Auth origin.
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { SECRET, call, signIn, signUp, somebody, startOrigin } from "../../../harness/origin.mjs";
import { bundle } from "../edge/support.mjs";

const here = dirname(fileURLToPath(import.meta.url));
let bundled;

/**
 * Answers { origin, one, two, close() }. `trusted` are the origins that the server trusts; `origin` are the harness's options, `gate` the gate's; `one` and `two`
 * bindings of a single gate (CLOCK, FEED, FEED_OPTIONS, or OPTIONS over the shared ones); `before(origin)` may put
 * something between gates and origin and answers its URL; `inspector` opens workerd's.
 */
export async function startTwoGates({ origin: originOptions = {}, gate = {}, one = {}, two = {}, before, persist, inspector } = {}) {
  bundled ??= bundle(join(here, "worker.mjs"));
  const trusted = [];
  const origin = await startOrigin({ ...originOptions, auth: { ...originOptions.auth, trustedOrigins: () => trusted } });
  trusted.push(origin.url);
  const upstream = before ? await before(origin) : origin.url;
  const options = { secret: SECRET, origin: upstream, session: { cookieCache: { enabled: true } }, hiddenFields: {}, ...gate };
  const worker = async (name, log, { OPTIONS, ...bindings }) => ({
    name,
    modules: await bundled,
    compatibilityDate: "2026-04-01",
    bindings: { OPTIONS: { ...options, ...OPTIONS }, ...bindings },
    durableObjects: { LOG: log },
    kvNamespaces: { KV: "marks" },
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
  });
  const workerd = new Miniflare({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    ...(inspector ? { inspectorPort: 0 } : {}),
    ...(persist ? { durableObjectsPersist: persist } : {}),
    workers: [
      await worker("one", { className: "Log", useSQLite: true }, one),
      await worker("two", { className: "Log", scriptName: "one", useSQLite: true }, two),
    ],
  });
  await workerd.ready;
  const at = async (name) => {
    const url = (await workerd.unsafeGetDirectURL(name)).origin;
    trusted.push(url);
    return { url, basePath: origin.basePath };
  };
  const gates = { one: await at("one"), two: await at("two") };
  return { origin, ...gates, workerd, trusted, close: () => Promise.all([workerd.dispose(), origin.close()]) };
}

/** Signs a new user in on two devices, and sends a request of each through both gates. */
export async function twoDevices({ origin, one, two }) {
  const a = await signUp(origin, somebody());
  const b = await signIn(origin, a.credentials);
  for (const jar of [a, b]) for (const gate of [one, two]) assert.equal((await visit(gate, jar)).status, 200);
  return { a, b };
}

/** Returns the visitor as the app behind a gate receives it. Stores the cookies of the response unless `keep` is false. */
export async function visit(gate, jar, { keep = true, path = "/account" } = {}) {
  const response = await fetch(gate.url + path, { headers: { cookie: jar.header() }, redirect: "manual" });
  if (keep) jar.store(response);
  return { status: response.status, body: await response.json() };
}

/** Calls the auth API through a gate and asserts the status. */
export async function act(gate, jar, path, body, { status = 200, ...options } = {}) {
  const response = await call(gate, jar, path, { body, ...options });
  const text = await response.text();
  assert.equal(response.status, status, `${path}: ${text}`);
  return text ? JSON.parse(text) : null;
}

/** Waits until `look()` returns `wanted`, with a timeout far above the time limit of a revocation. */
export async function eventually(look, wanted, what = "in time", seconds = 30) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (wanted(seen)) return seen;
    if (Date.now() > deadline) assert.fail(`never seen: ${what}; last: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Copies the cookies, so that a renewal by a gate does not change them. */
export const refused = (gate, jar) =>
  eventually(
    () => visit(gate, jar.clone(), { keep: false }),
    ({ status }) => status === 401,
    "the refusal",
  );

export async function fault(gate, faults) {
  await fetch(`${gate.url}/test/faults?${new URLSearchParams({ append: "", since: "", ...faults })}`);
}

export const asked = (origin) => origin.counts["GET /api/auth/get-session"] ?? 0;
