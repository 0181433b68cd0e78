// The example of adapters/axum: a real axum service in front of a real Better Auth server.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import pg from "pg";
import { createClient } from "redis";
import { createSessionGate } from "../../dist/edge.js";
import { postgresFeed } from "../../dist/feeds-postgres.js";
import { redisFeed } from "../../dist/feeds-redis.js";
import { SECRET, call, signIn, signUp, startOrigin } from "../../../harness/origin.mjs";
import { startPostgres } from "../../../harness/engines/postgres.mjs";
import { startRedis } from "../../../harness/engines/redis.mjs";
import { NAVIGATION, visit } from "../frameworks/drive.mjs";
import { adapterProgram } from "../support/cargo.mjs";
import { startProgram } from "./service.mjs";

const session = { cookieCache: { enabled: true } };
const asked = (origin) => origin.counts["GET /api/auth/get-session"] ?? 0;
const cacheLines = (response) => response.headers.getSetCookie().filter((line) => line.startsWith("better-auth.session_data="));

let program, origin;
const open = [];
const start = async (env = {}, of = origin) => {
  const service = await startProgram(program, { BETTER_AUTH_SECRET: SECRET, AUTH_ORIGIN: of.url, ...env });
  open.push(service);
  return service;
};
before(async () => {
  program = await adapterProgram("service");
  origin = await startOrigin();
});
after(async () => {
  await Promise.all(open.map((service) => service.close()));
  await origin?.close();
});

describe("an axum service", () => {
  let service;
  before(async () => (service = await start()));

  test("a session is read from the cookie, without a lookup, as the application's own type", async () => {
    const jar = await signUp(origin);
    const before = asked(origin);
    const response = await visit(service, jar, "/api/me");
    const { user, source } = await response.json();
    assert.deepEqual([user.name, user.email, source], ["Ada Lovelace", jar.credentials.email, "cookie"]);
    assert.equal(response.headers.get("cache-control"), "private, no-store");
    assert.equal(response.headers.get("vary"), "cookie");
    assert.equal(await (await visit(service, jar, "/")).text(), "Hello Ada Lovelace");
    assert.equal(asked(origin), before);
  });

  test("without a session an extractor answers with the server's 401, and an optional one with none", async () => {
    const before = asked(origin);
    for (const cookie of ["", "better-auth.session_token=forged.x", "better-auth.session_token=a; better-auth.session_token=b"]) {
      for (const headers of [{ cookie }, { cookie, ...NAVIGATION }]) {
        const response = await visit(service, null, "/api/me", { headers });
        assert.equal(response.status, 401, cookie);
        assert.deepEqual(await response.json(), { code: "UNAUTHORIZED", message: "Unauthorized" });
      }
      assert.equal(await (await visit(service, null, "/", { headers: { cookie } })).text(), "Hello stranger");
    }
    const forged = { cookie: "better-auth.session_token=" + "x".repeat(40_000), "x-better-session-identity": "forged" };
    const outcome = await visit(service, null, "/api/me", { headers: forged }).then(
      ({ status }) => status,
      () => 431,
    );
    assert.ok([401, 431].includes(outcome), String(outcome));
    assert.equal(asked(origin), before, "a forged token costs no lookup");
  });

  test("a lapsed cache is renewed by one lookup, whose cookies are on every kind of response", async () => {
    const jar = await signUp(origin);
    for (const [path, status] of [
      ["/api/me", 200],
      ["/", 200],
      ["/api/orders/1", 200],
      ["/api/orders/2", 404],
      ["/api/orders/none", 400],
      ["/account", 303],
    ]) {
      const before = asked(origin);
      const response = await visit(service, jar.clone().dropCache(), path);
      assert.equal(response.status, status, path);
      const looksUp = path !== "/api/orders/none"; // the path is extracted first
      assert.equal(asked(origin), before + (looksUp ? 1 : 0), path);
      const lines = cacheLines(response);
      assert.equal(lines.length, looksUp ? 1 : 0, path);
      if (looksUp) assert.match(lines[0], /; HttpOnly/);
    }
    const renewed = jar.dropCache();
    await visit(service, renewed, "/api/me");
    const before = asked(origin);
    assert.equal((await (await visit(service, renewed, "/api/me")).json()).source, "cookie");
    assert.equal(asked(origin), before, "the renewed cookies verify");
  });

  test("a session that ended at the server is refused, with the cookies that delete it, and asked for once in five seconds", async () => {
    const jar = await signUp(origin);
    const stolen = jar.clone().dropCache();
    await call(origin, jar, "/sign-out", { body: {} });
    const before = asked(origin);
    const response = await visit(service, stolen.clone(), "/api/me");
    assert.equal(response.status, 401);
    assert.match(response.headers.getSetCookie().join("\n"), /better-auth\.session_token=;/);
    for (let count = 0; count < 5; count += 1) assert.equal((await visit(service, stolen.clone(), "/api/me")).status, 401);
    assert.equal(asked(origin), before + 1);
  });

  test("a bearer token is judged by the server, never by the cookie", async () => {
    const jar = await signUp(origin);
    const before = asked(origin);
    const response = await visit(service, jar, "/api/me", { headers: { authorization: "Bearer another-token" } });
    assert.equal(asked(origin), before + 1);
    assert.equal((await response.json()).source, "origin", "this server ignores the header");
  });

  test("FreshSession: 403 once freshAge has passed", async () => {
    const strict = await start({ BETTER_AUTH_OPTIONS: JSON.stringify({ session: { ...session, freshAge: 4 } }) });
    const jar = await signUp(origin);
    const fresh = await visit(strict, jar, "/account/delete", { method: "POST" });
    assert.equal(await fresh.text(), `${jar.credentials.email} could be deleted now`);
    await new Promise((resolve) => setTimeout(resolve, 4100));
    const old = await visit(strict, jar, "/account/delete", { method: "POST" });
    assert.equal(old.status, 403);
    assert.deepEqual(await old.json(), { code: "SESSION_NOT_FRESH", message: "Session is not fresh" });
    assert.equal((await visit(strict, jar, "/api/me")).status, 200);
  });

  test("the origin down: a valid cache counts, a lapsed one is a 503, and an optional session is none", async () => {
    const gone = await startOrigin();
    const alone = await start({}, gone);
    const jar = await signUp(gone);
    await gone.close();
    assert.equal((await visit(alone, jar, "/api/me")).status, 200);
    const response = await visit(alone, jar.clone().dropCache(), "/api/me");
    assert.equal(response.status, 503);
    assert.equal(response.headers.get("retry-after"), "5");
    assert.deepEqual(response.headers.getSetCookie(), []);
    assert.equal((await response.json()).code, "ORIGIN_UNAVAILABLE");
    assert.equal(await (await visit(alone, jar.clone().dropCache(), "/")).text(), "Hello stranger");
  });

  test("garbage from the origin is a 503, and its cookies are not passed on", async () => {
    const answers = ["<html>", "{}", '{"session":{},"user":{}}', "null null"];
    let answer = "";
    const broken = await startOrigin({
      before(request, response) {
        if (!request.url.startsWith("/api/auth/get-session")) return false;
        response.writeHead(200, { "content-type": "text/html", "set-cookie": "better-auth.session_data=another" }).end(answer);
        return true;
      },
    });
    const alone = await start({}, broken);
    const jar = await signUp(broken);
    for (answer of answers) {
      const response = await visit(alone, jar.clone().dropCache(), "/api/me");
      assert.deepEqual([response.status, response.headers.getSetCookie()], [503, []], answer);
    }
    await broken.close();
  });
});

describe("an axum service with rules of routes", () => {
  let service;
  const routes = {
    public: ["/"],
    optional: ["/open"],
    fresh: ["/account/delete", "/api/auth/change-password"],
    authoritative: ["/api/orders/*"],
    when: ["/admin/**"],
    signInURL: "/sign-in",
  };
  before(async () => (service = await start({ BETTER_AUTH_OPTIONS: JSON.stringify({ session, routes }) })));

  test("a path that no rule names needs a session: a page is redirected, a prefetch and a call get a 401", async () => {
    for (const path of ["/api/me?x=1", "/unknown?x=1"]) {
      const page = await visit(service, null, path, { headers: NAVIGATION });
      assert.deepEqual([page.status, page.headers.get("location")], [302, `/sign-in?callbackURL=${encodeURIComponent(path)}`]);
      assert.equal((await visit(service, null, path, { headers: { ...NAVIGATION, "sec-purpose": "prefetch" } })).status, 401);
      assert.deepEqual(await (await visit(service, null, path)).json(), { code: "UNAUTHORIZED", message: "Unauthorized" });
    }
    const jar = await signUp(origin);
    assert.equal((await visit(service, jar, "/unknown")).status, 404, "then the router decides");
    assert.equal((await visit(service, jar, "/api/me")).status, 200);
  });

  test("a public path costs no lookup, an optional one lets everybody through", async () => {
    const before = asked(origin);
    assert.equal((await visit(service, null, "/open")).status, 404);
    assert.equal((await visit(service, null, "/")).status, 200);
    assert.equal((await visit(service, null, "/sign-in")).status, 404, "the sign-in page is public");
    assert.equal(asked(origin), before);
  });

  test("an authoritative path asks the origin each time; a refusal passes the origin's cookies on", async () => {
    const jar = await signUp(origin);
    const before = asked(origin);
    for (let count = 0; count < 2; count += 1) assert.equal((await visit(service, jar.clone(), "/api/orders/1")).status, 200);
    assert.equal(asked(origin), before + 2);
    const ended = jar.clone();
    await call(origin, jar, "/sign-out", { body: {} });
    const refused = await visit(service, ended, "/api/orders/1");
    assert.equal(refused.status, 401);
    assert.match(refused.headers.getSetCookie().join("\n"), /better-auth\.session_token=;/);
  });

  test("paths of several spellings are redirected to one, or refused; predicates refuse", async () => {
    const jar = await signUp(origin);
    const moved = await visit(service, jar, "/%61pi/me?x=%2f");
    assert.deepEqual([moved.status, moved.headers.get("location")], [308, "/api/me?x=%2f"]);
    const renewed = await visit(service, jar.clone().dropCache(), "/%61pi/me");
    assert.deepEqual([renewed.status, cacheLines(renewed).length], [308, 1], "with the cookies of a lookup");
    assert.equal((await visit(service, null, "/%61pi/me")).status, 401, "not before it has a session");
    assert.equal((await visit(service, null, "/open/../api/me")).status, 401);
    assert.equal((await visit(service, jar, "/api/auth//get-session")).status, 400);
    assert.equal((await visit(service, jar, "/admin/users")).status, 403);
    assert.equal((await visit(service, null, "/admin/users")).status, 401);
  });

  test("a call of the auth API that needs a session is looked up, and its response has the cookies of the lookup", async () => {
    const jar = await signUp(origin);
    const change = (of, path = "/api/auth/change-password") => visit(service, of, path, { method: "POST" });
    const before = asked(origin);
    const lapsed = await change(jar.clone().dropCache());
    assert.deepEqual([lapsed.status, cacheLines(lapsed).length, asked(origin)], [404, 1, before + 1], "the router has no such call");
    const moved = await change(jar.clone().dropCache(), "/api/%61uth/change-password");
    assert.deepEqual([moved.status, moved.headers.get("location")], [308, "/api/auth/change-password"]);
    assert.deepEqual([cacheLines(moved).length, asked(origin)], [1, before + 2]);
    const known = await change(jar);
    assert.deepEqual([known.status, cacheLines(known).length, asked(origin)], [404, 0, before + 2]);
    assert.equal((await change(null)).status, 401);
    const ended = jar.clone().dropCache();
    await call(origin, jar, "/sign-out", { body: {} });
    const refused = await change(ended);
    assert.equal(refused.status, 401);
    assert.match(refused.headers.getSetCookie().join("\n"), /better-auth\.session_token=;/);
  });

  test("preflights need no session, and calls of the auth API are the router's", async () => {
    const headers = { "origin": "https://app.example", "access-control-request-method": "POST" };
    assert.equal((await visit(service, null, "/api/me", { method: "OPTIONS", headers })).status, 405);
    assert.equal((await visit(service, null, "/api/me", { method: "OPTIONS" })).status, 401);
    assert.equal((await visit(service, null, "/api/auth/get-session")).status, 404);
  });
});

test("a wrong configuration names the option and no value", async () => {
  for (const env of [{ AUTH_ORIGIN: "ftp://secret-host" }, { BETTER_AUTH_SECRET: "" }, { REDIS_URL: "http://:secret-password@x" }]) {
    await assert.rejects(start(env), (error) => {
      assert.match(error.message, /exited with 1/);
      assert.doesNotMatch(error.message, /secret-(host|password)/);
      return true;
    });
  }
});

/** Revocations of a gate in Node reach the service through one store. */
function revocation(name, startEngine, environment, openFeed) {
  describe(`revocation through ${name}`, () => {
    let engine, feed, gate, service, withoutFeed;
    before(async () => {
      engine = await startEngine();
      feed = await openFeed(engine.url);
      // Otherwise the caches from before the feed's first use are looked up.
      await feed.feed.declareComplete();
      [service, withoutFeed] = [await start(environment(engine.url)), await start()];
      gate = createSessionGate({ secret: SECRET, origin: origin.url, session, revocation: { feed: feed.feed } });
    });
    after(async () => {
      await service?.close();
      await feed?.close();
      await engine?.close();
    });

    /** Returns how long after `at` the last request began that was let in, in milliseconds. */
    const lastSeen = async (jar, at) => {
      for (let seen = 0; ;) {
        const began = Date.now() - at;
        const { status } = await visit(service, jar.clone(), "/api/me");
        if (status === 401) return seen;
        assert.equal(status, 200);
        assert.ok(began < 10_000, "never refused");
        seen = began;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };

    test("a session revoked through a gate in Node is refused within a second; others are not", async () => {
      const [one, two, other] = await Promise.all([signUp(origin), signUp(origin), signUp(origin)]);
      const second = await signIn(origin, one.credentials);
      const sourceOf = async (jar) => (await (await visit(service, jar, "/api/me")).json()).source;
      for (const jar of [one, two, other, second]) assert.equal(await sourceOf(jar), "cookie");
      const post = (jar, path, body) =>
        gate.fetch(
          new Request(`${origin.url}/api/auth${path}`, {
            method: "POST",
            headers: { cookie: jar.header(), origin: origin.url, "content-type": "application/json" },
            body: JSON.stringify(body),
          }),
          { waitUntil() {} },
        );
      assert.equal((await post(one, "/revoke-session", { token: second.token })).status, 200);
      assert.ok((await lastSeen(second, Date.now())) <= 1000);
      assert.equal((await post(two, "/sign-out", {})).status, 200);
      assert.ok((await lastSeen(two, Date.now())) <= 1000);
      assert.equal((await visit(withoutFeed, two, "/api/me")).status, 200, "without a feed the cache counts on");
      assert.equal((await visit(service, other, "/api/me")).status, 200);
      assert.equal((await (await visit(service, one, "/api/me")).json()).user.email, one.credentials.email);
    });

    test("after gate.invalidate the session is looked up, and stays if it still exists", async () => {
      const jar = await signUp(origin);
      const until = Date.now() + 10_000;
      await gate.invalidate({ userId: jar.user.id });
      const before = asked(origin);
      let source;
      while (source !== "origin" && Date.now() < until) {
        const response = await visit(service, jar.clone(), "/api/me");
        assert.equal(response.status, 200);
        ({ source } = await response.json());
      }
      assert.equal(source, "origin");
      assert.ok(asked(origin) > before);
    });

    test("a revocation by the service reaches a gate in Node", async () => {
      const jar = await signUp(origin);
      const authenticate = () =>
        gate.authenticate(new Request(`${origin.url}/x`, { headers: { cookie: jar.header() } }), { waitUntil() {} });
      assert.equal((await authenticate()).source, "cookie");
      assert.equal((await visit(service, jar, "/account/recheck", { method: "POST" })).status, 200);
      const until = Date.now() + 1000;
      let last;
      for (let began = 0; began <= until && last !== "origin";) [began, last] = [Date.now(), (await authenticate()).source];
      assert.equal(last, "origin");
    });

    test("while the feed is away sessions are looked up, nobody is signed out, and then caches count again", async () => {
      const jar = await signUp(origin);
      await engine.stop("SIGKILL");
      await new Promise((resolve) => setTimeout(resolve, 1200));
      for (let count = 0; count < 3; count += 1) {
        const response = await visit(service, jar.clone(), "/api/me");
        assert.deepEqual([response.status, (await response.json()).source], [200, "origin"]);
      }
      await engine.start();
      const until = Date.now() + 20_000;
      for (let source; source !== "cookie";) {
        const response = await visit(service, jar, "/api/me");
        assert.equal(response.status, 200);
        ({ source } = await response.json());
        assert.ok(Date.now() < until, "the cache counts again");
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });
  });
}

revocation(
  "Redis",
  () => startRedis({ persistent: true }),
  (url) => ({ REDIS_URL: url }),
  async (url) => {
    const client = createClient({ url, socket: { reconnectStrategy: 50 } });
    client.on("error", () => {});
    await client.connect();
    return { feed: redisFeed(client), close: () => client.destroy() };
  },
);
revocation(
  "Postgres",
  () => startPostgres(),
  (url) => ({ DATABASE_URL: url }),
  async (url) => {
    const pool = new pg.Pool({ connectionString: url });
    pool.on("error", () => {});
    return { feed: postgresFeed(pool), close: () => pool.end() };
  },
);
