// The middleware for apps on node:http: the app's own ways to write a response, with the gate's headers on each.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createGzip, gunzipSync } from "node:zlib";
import express from "express";
import { createSessionGate } from "better-session/edge";
import { sessionMiddleware } from "better-session/express";
import { SECRET, signUp, startOrigin } from "../../../harness/origin.mjs";
import { visit } from "./drive.mjs";

let origin, server, site, jar;
const errors = [];
before(async () => {
  const trusted = [];
  origin = await startOrigin({ auth: { trustedOrigins: () => trusted } });
  const gate = createSessionGate({
    secret: SECRET,
    origin: origin.url,
    session: { cookieCache: { enabled: true } },
    routes: { public: ["/open/**"] },
  });
  server = createServer(appOf(gate));
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  site = { url: `http://127.0.0.1:${server.address().port}`, basePath: origin.basePath };
  trusted.push(origin.url, site.url);
  jar = await signUp(site);
});
after(async () => {
  server?.closeAllConnections();
  server?.close();
  await origin?.close();
});

function appOf(gate) {
  const app = express();
  app.use((_req, res, next) => {
    res.setHeader("x-before", "1");
    next();
  });
  app.use(sessionMiddleware(gate));
  app.get("/stream", async (_req, res) => {
    res.setHeader("cache-control", "public, max-age=60");
    const waits = !res.write("one,");
    assert.equal(res.headersSent, true);
    if (waits) await new Promise((drained) => res.once("drain", drained));
    await sleep(20);
    res.write("two,");
    res.end("three");
  });
  app.get("/head", (_req, res) => {
    res.writeHead(203, "Fine", ["X-Flat", "1", "Set-Cookie", "a=1", "Set-Cookie", "b=2"]);
    res.end("done");
  });
  app.get("/object", (_req, res) => {
    res.writeHead(202, { "Set-Cookie": ["a=1", "b=2"], "X-Object": "1" }).end();
  });
  app.get("/flush", (_req, res) => {
    res.flushHeaders();
    res.end("flushed");
  });
  app.get("/empty", (_req, res) => res.sendStatus(204));
  app.get("/json", (_req, res) => res.json({ long: "x".repeat(500_000) }));
  app.get("/twice", (_req, res) => {
    res.writeHead(200);
    assert.throws(() => res.writeHead(500));
    res.end("once");
  });
  app.get("/hints", (_req, res) => {
    res.writeEarlyHints({ link: "</a.css>; rel=preload; as=style" }, () => res.end("after hints"));
  });
  app.get("/throws", () => {
    throw new Error("the app's own");
  });
  app.get("/open/page", (_req, res) => res.set("cache-control", "public, max-age=60").send("open"));
  app.get("/gzip", (_req, res) => {
    // As the package `compression` does: it wraps the functions that it finds, and keeps them.
    const [write, end] = [res.write, res.end];
    const gzip = createGzip();
    gzip.on("data", (chunk) => write.call(res, chunk)).on("end", () => end.call(res));
    res.setHeader("content-encoding", "gzip");
    res.write = (chunk) => gzip.write(chunk);
    res.end = () => gzip.end();
    res.write("a".repeat(100_000));
    setTimeout(() => {
      res.write("b".repeat(100_000));
      res.end();
    }, 20);
  });
  app.use((error, _req, res, _next) => {
    errors.push(error.message);
    res.status(500).send("the app's error page");
  });
  return app;
}

/** Requests a path, once with a valid cache and once with a renewal. */
async function both(path, check) {
  await check(await visit(site, jar, path));
  const renewed = await visit(site, jar.dropCache(), path);
  assert.equal(renewed.headers.getSetCookie().filter((line) => line.startsWith("better-auth.session_data=")).length, 1, path);
  await check(renewed);
}

test("streamed responses are private and arrive whole", () =>
  both("/stream", async (response) => {
    assert.equal(await response.text(), "one,two,three");
    assert.deepEqual([response.headers.get("cache-control"), response.headers.get("vary")], ["private, no-store", "cookie"]);
    assert.equal(response.headers.get("x-before"), "1");
  }));

test("writeHead: its status and headers are kept, each Set-Cookie too", async () => {
  await both("/head", async (response) => {
    assert.deepEqual([response.status, response.headers.get("x-flat"), await response.text()], [203, "1", "done"]);
    assert.deepEqual(response.headers.getSetCookie().slice(-2), ["a=1", "b=2"]);
    assert.equal(response.headers.get("cache-control"), "private, no-store");
  });
  await both("/object", async (response) => {
    assert.deepEqual([response.status, response.headers.get("x-object")], [202, "1"]);
    assert.deepEqual(response.headers.getSetCookie().slice(-2), ["a=1", "b=2"]);
  });
});

test("flushHeaders, an empty response, a long one, a second head, early hints, and a wrapped write", async () => {
  await both("/flush", async (response) => assert.equal(await response.text(), "flushed"));
  await both("/empty", (response) => assert.equal(response.status, 204));
  await both("/json", async (response) => {
    assert.equal((await response.json()).long.length, 500_000);
    assert.ok(Number(response.headers.get("content-length")) > 500_000);
  });
  await both("/twice", async (response) => assert.deepEqual([response.status, await response.text()], [200, "once"]));
  await both("/hints", async (response) => assert.equal(await response.text(), "after hints"));
  await both("/gzip", async (response) => {
    const body = gunzipSync(Buffer.from(await response.arrayBuffer()));
    assert.equal(body.toString(), "a".repeat(100_000) + "b".repeat(100_000));
  });
});

test("an error of the app reaches its own error handler, and an unknown path its own 404", async () => {
  await both("/throws", async (response) => assert.deepEqual([response.status, await response.text()], [500, "the app's error page"]));
  assert.deepEqual(errors, ["the app's own", "the app's own"]);
  assert.equal((await visit(site, jar, "/nothing-here")).status, 404);
});

test("a public page stays public for a visitor without cookies, and is private with them", async () => {
  assert.equal((await visit(site, null, "/open/page")).headers.get("cache-control"), "public, max-age=60");
  assert.equal((await visit(site, jar, "/open/page")).headers.get("cache-control"), "private, no-store");
});

test("each Set-Cookie of the auth API arrives, although a handler has set a header before", async () => {
  const fresh = await signUp(site);
  assert.ok(fresh.has("better-auth.session_token") && fresh.has("better-auth.session_data"), fresh.names.join());
});

test("a visitor who disconnects before the app has answered leaves the server running", async () => {
  const abort = new AbortController();
  const pending = fetch(`${site.url}/stream`, { headers: { cookie: jar.header() }, signal: abort.signal });
  abort.abort();
  await assert.rejects(pending);
  assert.equal(await (await visit(site, jar, "/stream")).text(), "one,two,three");
});
