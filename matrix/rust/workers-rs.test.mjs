// examples/workers-rs in workerd, in front of a real Better Auth server.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Miniflare } from "miniflare";
import { SECRET, call, signIn, signUp, startOrigin } from "../../harness/origin.mjs";
import { NAVIGATION, visit } from "../../pkg/test/frameworks/drive.mjs";
import { root } from "../support.mjs";

const folder = join(root, "examples/workers-rs");
const asked = ({ origin }) => origin.counts["GET /api/auth/get-session"] ?? 0;
const cacheLines = (response) => response.headers.getSetCookie().filter((line) => line.startsWith("better-auth.session_data="));

/** Builds the Worker as its README says. */
function build() {
  const env = { ...process.env, CARGO_TARGET_DIR: join(root, "target/workers-rs") };
  execFileSync(join(folder, "build.sh"), { env, stdio: "pipe", timeout: 900_000 });
}

/** Returns the modules of the Worker, the entry first. */
function modules() {
  const dist = join(folder, "dist");
  const names = readdirSync(dist, { recursive: true }).filter((name) => /\.(js|wasm)$/.test(name));
  names.sort((one, two) => (two === "index.js") - (one === "index.js"));
  return names.map((name) => {
    const path = join(dist, name);
    return { type: name.endsWith(".wasm") ? "CompiledWasm" : "ESModule", path, contents: readFileSync(path) };
  });
}

/** Starts the Worker. Returns { url, basePath, origin, close(), stop() }: `stop` leaves the origin. */
async function startWorker(originOptions = {}) {
  const trusted = [];
  const origin = await startOrigin({ ...originOptions, auth: { trustedOrigins: () => trusted } });
  const workerd = new Miniflare({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    modules: modules(),
    modulesRoot: join(folder, "dist"),
    compatibilityDate: "2026-04-01",
    bindings: { BETTER_AUTH_SECRET: SECRET, AUTH_ORIGIN: origin.url },
  });
  const close = () => Promise.all([workerd.dispose(), origin.close()]);
  try {
    const url = (await workerd.ready).origin;
    trusted.push(origin.url, url);
    return { url, basePath: "/api/auth", origin, close, stop: () => workerd.dispose() };
  } catch (error) {
    await Promise.allSettled([workerd.dispose(), origin.close()]);
    throw error;
  }
}

let app;
/** The API keys of the lookups. */
const keys = [];
before(async () => {
  build();
  app = await startWorker({
    before(request) {
      if (request.url.startsWith("/api/auth/get-session")) keys.push(request.headers["x-api-key"]);
      return false;
    },
  });
});
after(() => app?.close());

test("sign-in through the Worker, and a session from the cookie without a lookup", async () => {
  const jar = await signUp(app);
  const again = await signIn(app, jar.credentials);
  const before = asked(app);
  const response = await visit(app, again, "/account");
  const { user, source } = await response.json();
  assert.deepEqual([user.name, user.email, source], ["Ada Lovelace", jar.credentials.email, "cookie"]);
  assert.equal(response.headers.get("cache-control"), "private, no-store");
  assert.equal((await (await visit(app, again, "/")).json()).user.name, "Ada Lovelace");
  assert.equal(asked(app), before);
  assert.equal((await (await call(app, again, "/get-session")).json()).user.name, "Ada Lovelace", "forwarded");
});

test("a lapsed cache is renewed by one lookup, whose cookies are passed on", async () => {
  const jar = (await signUp(app)).dropCache();
  const before = asked(app);
  const response = await visit(app, jar, "/account");
  assert.deepEqual([response.status, (await response.json()).source], [200, "origin"]);
  assert.equal(cacheLines(response).length, 1);
  assert.match(cacheLines(response)[0], /; HttpOnly/);
  assert.equal((await (await visit(app, jar, "/account")).json()).source, "cookie");
  assert.equal(asked(app), before + 1);
});

test("refusals: a 401, a redirect to the sign-in page, forged and ambiguous cookies, paths", async () => {
  const before = asked(app);
  for (const cookie of ["", "better-auth.session_token=forged.x", "better-auth.session_token=a; better-auth.session_token=b"]) {
    const response = await visit(app, null, "/account", { headers: { cookie } });
    assert.equal(response.status, 401, cookie);
    assert.deepEqual(await response.json(), { code: "UNAUTHORIZED", message: "Unauthorized" });
  }
  const page = await visit(app, null, "/account?tab=2", { headers: NAVIGATION });
  assert.deepEqual([page.status, page.headers.get("location")], [302, "/sign-in?callbackURL=%2Faccount%3Ftab%3D2"]);
  assert.equal((await (await visit(app, null, "/")).json()).user, null);
  assert.equal((await visit(app, null, "/api/auth//sign-out")).status, 400);
  assert.equal(asked(app), before);
});

test("a session that ended is refused once its cache has lapsed, with the cookies that delete it", async () => {
  const jar = await signUp(app);
  const ended = jar.clone().dropCache();
  assert.equal((await call(app, jar, "/sign-out", { body: {} })).status, 200);
  const response = await visit(app, ended, "/account");
  assert.equal(response.status, 401);
  assert.match(response.headers.getSetCookie().join("\n"), /better-auth\.session_token=;/);
});

test("a route of routes.fresh, a bearer token, an API key, and many requests at once in one isolate", async () => {
  const jar = await signUp(app);
  assert.equal((await visit(app, jar, "/account/delete", { method: "POST" })).status, 200);
  const before = asked(app);
  const token = await visit(app, jar, "/account", { headers: { authorization: "Bearer another-token" } });
  assert.deepEqual([(await token.json()).source, asked(app)], ["origin", before + 1]);
  assert.equal((await (await visit(app, jar, "/account", { headers: { "x-api-key": "a-key" } })).json()).source, "origin");
  assert.equal(keys.at(-1), "a-key", "the server decides whose key it is");
  const jars = await Promise.all(Array.from({ length: 8 }, () => signUp(app)));
  const names = await Promise.all(
    jars
      .flatMap((jar) => [jar.clone(), jar.clone().dropCache()])
      .map(async (jar) => (await (await visit(app, jar, "/account")).json()).user.email),
  );
  assert.deepEqual(
    names,
    jars.flatMap(({ credentials }) => [credentials.email, credentials.email]),
  );
});

test("the origin down: a valid cache counts, a lapsed one is a 503", async () => {
  const alone = await startWorker();
  const jar = await signUp(alone);
  await alone.origin.close();
  assert.equal((await visit(alone, jar, "/account")).status, 200);
  const response = await visit(alone, jar.clone().dropCache(), "/account");
  assert.deepEqual([response.status, response.headers.get("retry-after")], [503, "5"]);
  assert.equal((await call(alone, jar, "/get-session")).status, 503);
  await alone.stop();
});

test("an origin that hangs: a lookup, or its body, is given up after five seconds with a 503; a valid cache counts", async () => {
  let hang = "";
  const held = [];
  const slow = await startWorker({
    before(request, response) {
      if (!hang || !request.url.startsWith("/api/auth/get-session")) return false;
      if (hang === "the body") response.writeHead(200, { "content-type": "application/json" }).write('{"session":');
      held.push(response);
      return true;
    },
  });
  const jar = await signUp(slow);
  try {
    for (hang of ["the response", "the body"]) {
      assert.equal((await visit(slow, jar.clone(), "/account")).status, 200);
      const sent = performance.now();
      const response = await visit(slow, jar.clone().dropCache(), "/account");
      const seconds = (performance.now() - sent) / 1000;
      assert.deepEqual([response.status, response.headers.get("retry-after")], [503, "5"], hang);
      assert.equal((await response.json()).code, "ORIGIN_UNAVAILABLE");
      assert.ok(seconds > 4.5 && seconds < 20, `${hang}: ${seconds} s`);
    }
    hang = "";
    assert.equal((await visit(slow, jar.clone().dropCache(), "/account")).status, 200, "the next lookup is a new one");
  } finally {
    for (const response of held) response.destroy();
    await slow.close();
  }
});
