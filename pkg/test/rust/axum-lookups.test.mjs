// Lookups of the axum service beyond the usual one: deferred refreshes, sessions without a cache, servers without a database, outages.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { eq } from "drizzle-orm";
import pg from "pg";
import { createSessionGate } from "../../dist/edge.js";
import { postgresFeed } from "../../dist/feeds-postgres.js";
import { SECRET, call, getSession, signIn, signUp, startOrigin, startStateless } from "../../../harness/origin.mjs";
import { startPostgres } from "../../../harness/engines/postgres.mjs";
import { visit } from "../frameworks/drive.mjs";
import { adapterProgram } from "../support/cargo.mjs";
import { startProgram } from "./service.mjs";

const cookieCache = { enabled: true };
const asked = (origin, method = "GET") => origin.counts[`${method} /api/auth/get-session`] ?? 0;
const closing = [];
let program, postgres, pool;

const start = async (origin, options = { session: { cookieCache } }, env = {}) => {
  const settings = { BETTER_AUTH_SECRET: SECRET, AUTH_ORIGIN: origin.url, BETTER_AUTH_OPTIONS: JSON.stringify(options), ...env };
  const service = await startProgram(program, settings);
  closing.unshift(service.close);
  return service;
};
const begin = async (open) => {
  const origin = await open;
  closing.push(origin.close);
  return origin;
};
before(async () => {
  program = await adapterProgram("service");
  postgres = await startPostgres();
  pool = new pg.Pool({ connectionString: postgres.url });
  pool.on("error", () => {});
  await postgresFeed(pool).declareComplete();
});
after(async () => {
  for (const close of closing) await close();
  await pool?.end();
  await postgres?.close();
});

/** Signs up a user whose session is two days old, without its cache. */
async function aged(origin) {
  const jar = (await signUp(origin)).dropCache();
  const { session: table } = origin.tables;
  const expiresAt = new Date(Date.now() + 5 * 86_400_000);
  await origin.db.update(table).set({ expiresAt }).where(eq(table.token, jar.token));
  return jar;
}

test("deferSessionRefresh: the service makes the refresh that the GET requires, and passes the cookies of both on", async () => {
  const origin = await begin(startOrigin({ session: { deferSessionRefresh: true } }));
  const service = await start(origin);
  const jar = await aged(origin);
  const response = await visit(service, jar, "/api/me");
  assert.equal((await response.json()).source, "origin");
  assert.equal(asked(origin, "POST"), 1);
  const lines = response.headers.getSetCookie().join("\n");
  assert.match(lines, /better-auth\.session_token=[^;]/);
  assert.match(lines, /better-auth\.session_data=[^;]/);
});

test("deferSessionRefresh: a refresh that the server forbids does not cost the session", async () => {
  const forbid = (request, response) => {
    if (request.method !== "POST" || !request.url.startsWith("/api/auth/get-session")) return false;
    response.writeHead(403, { "set-cookie": "better-auth.session_token=; Max-Age=0" }).end("{}");
    return true;
  };
  const origin = await begin(startOrigin({ session: { deferSessionRefresh: true }, before: forbid }));
  const service = await start(origin);
  const response = await visit(service, await aged(origin), "/api/me");
  assert.deepEqual([response.status, asked(origin, "POST")], [200, 1]);
  assert.doesNotMatch(response.headers.getSetCookie().join("\n"), /session_token=;/);
});

test("a session that is not remembered gets no cache: with a feed it is looked up once for each maxStaleness", async () => {
  const origin = await begin(startOrigin());
  const { credentials } = await signUp(origin);
  const lookups = async (service) => {
    const jar = (await signIn(origin, { ...credentials, rememberMe: false })).dropCache();
    const [before, began] = [asked(origin), Date.now()];
    for (let count = 0; count < 30; count += 1) assert.equal((await visit(service, jar, "/api/me")).status, 200);
    return { count: asked(origin) - before, seconds: (Date.now() - began) / 1000 };
  };
  assert.equal((await lookups(await start(origin))).count, 30);
  const kept = await lookups(await start(origin, undefined, { DATABASE_URL: postgres.url }));
  assert.ok(kept.count >= 1 && kept.count <= Math.floor(kept.seconds) + 1, JSON.stringify(kept));
});

test("an origin at an https:// URL is reached if the system trusts its certificate, and is unavailable otherwise", async () => {
  const origin = await begin(startOrigin());
  const folder = mkdtempSync(join(tmpdir(), "better-session-tls-"));
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => join(folder, name));
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"];
  const flags = [
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-days",
    "1",
    "-keyout",
    key,
    "-out",
    cert,
  ];
  execFileSync("openssl", ["req", ...flags, ...subject], { stdio: "ignore" });
  const tls = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (received, response) => {
    const { method, url, headers } = received;
    const sent = request(`${origin.url}${url}`, { method, headers: { ...headers, host: new URL(origin.url).host } }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    received.pipe(sent);
  });
  await new Promise((resolve) => tls.listen(0, "127.0.0.1", resolve));
  closing.unshift(
    () => (tls.closeAllConnections(), new Promise((resolve) => tls.close(resolve))),
    () => rmSync(folder, { recursive: true }),
  );
  const behind = { url: `https://localhost:${tls.address().port}` };
  const jar = (await signUp(origin)).dropCache();
  const trusting = await start(behind, undefined, { SSL_CERT_FILE: cert });
  assert.equal((await (await visit(trusting, jar.clone(), "/api/me")).json()).source, "origin");
  const strict = await start(behind);
  assert.equal((await visit(strict, jar.clone(), "/api/me")).status, 503);
});

test("a server without a database: the cache is minted again here, and the server accepts it", async () => {
  const session = { cookieCache: { enabled: true, strategy: "jwe", maxAge: 600, refreshCache: { updateAge: 599 } } };
  const origin = await begin(startStateless({ session }));
  const service = await start(origin, { session });
  const jar = await signUp(origin);
  const old = jar.get("better-auth.session_data");
  await new Promise((resolve) => setTimeout(resolve, 1100)); // windows are whole seconds
  const before = origin.requests.length;
  const response = await visit(service, jar, "/api/me");
  assert.equal((await response.json()).source, "cookie");
  assert.equal(origin.requests.length, before, "nobody was asked");
  assert.notEqual(jar.get("better-auth.session_data"), old);
  assert.equal((await getSession(origin, jar))?.session.token, jar.token);
});

test("a server without a database refuses a feed that can lose revocations", async () => {
  const session = { cookieCache: { enabled: true, strategy: "jwe", refreshCache: true } };
  const failed = start({ url: "http://127.0.0.1:9" }, { session }, { REDIS_URL: "redis://127.0.0.1:9" });
  await assert.rejects(failed, /must not lose revocations/);
});

test("graceWhenOriginIsDown: a cache that has just lapsed counts while the probe fails, and not while it succeeds", async () => {
  const session = { cookieCache: { enabled: true, maxAge: 1 } };
  const options = { session, routes: {}, graceWhenOriginIsDown: 60 };
  let silent = false;
  const origin = await begin(
    startOrigin({
      session,
      before(request, response) {
        if (!silent || !request.url.startsWith("/api/auth/get-session")) return false;
        response.writeHead(500).end();
        return true;
      },
    }),
  );
  const service = await start(origin, options);
  const jar = await signUp(origin);
  await new Promise((resolve) => setTimeout(resolve, 2100));
  silent = true;
  assert.equal((await visit(service, jar.clone(), "/api/me")).status, 503, "the origin is up: the lookup alone failed");
  await new Promise((resolve) => setTimeout(resolve, 1100)); // a probe counts for a second
  await origin.close();
  closing.splice(closing.indexOf(origin.close), 1);
  const response = await visit(service, jar.clone(), "/api/me");
  assert.deepEqual([response.status, (await response.json()).source], [200, "grace"]);
});

test("a lookup that a revocation overtakes is made again", async () => {
  let release;
  let held = null;
  const origin = await begin(
    startOrigin({
      async before(request) {
        if (held && request.url.startsWith("/api/auth/get-session")) {
          const wait = held;
          held = null;
          await wait;
        }
        return false;
      },
    }),
  );
  const service = await start(origin, undefined, { DATABASE_URL: postgres.url });
  const gate = createSessionGate({
    secret: SECRET,
    origin: origin.url,
    session: { cookieCache },
    revocation: { feed: postgresFeed(pool) },
  });
  const [jar, other] = [await signUp(origin), await signUp(origin)];
  await visit(service, other, "/api/me");
  held = new Promise((resolve) => (release = resolve));
  const before = asked(origin);
  const response = visit(service, jar.clone().dropCache(), "/api/me");
  while (held) await new Promise((resolve) => setTimeout(resolve, 5));
  await gate.invalidate({ userId: jar.user.id });
  // Requests of others read the feed meanwhile.
  for (const end = Date.now() + 1500; Date.now() < end;) await visit(service, other.clone(), "/api/me");
  release();
  assert.equal((await response).status, 200);
  assert.equal(asked(origin), before + 2);
  assert.equal((await call(origin, jar, "/get-session")).status, 200);
});
