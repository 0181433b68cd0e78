// Tests in workerd that the gate passes on the members that only Workers add to requests and responses.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { signUp } from "../../../harness/origin.mjs";
import { startAll, visit } from "./support.mjs";

let all, jar;
before(async () => {
  all = await startAll({}, { gate: { entry: "platform-worker.mjs" } });
  jar = await signUp(all.origin);
});
after(() => all?.close());

test("`next` and the app behind it get request.cf", async () => {
  assert.deepEqual(await (await visit(all.gate, jar, "/cf")).json(), ["NL", "NL"]);
});

test("a body that the app encoded is not encoded again", async () => {
  for (const cache of ["current", "lapsed"]) {
    const visitor = cache === "lapsed" ? jar.clone().dropCache() : jar;
    const response = await visit(all.gate, visitor, "/gzip");
    assert.equal(response.status, 203);
    assert.equal(response.headers.get("x-app"), "here");
    assert.match(response.headers.get("cache-control"), /private/);
    assert.equal(await response.text(), "hello ".repeat(200), cache);
  }
});

test("a status text survives", async () => {
  for (const visitor of [jar, jar.clone().dropCache()]) {
    const { status, statusText } = await visit(all.gate, visitor, "/status");
    assert.deepEqual([status, statusText], [218, "This Is Fine"]);
  }
});

test("a WebSocket opens, and its handshake carries the renewed cookies", async () => {
  for (const [visitor, renews] of [
    [jar, false],
    [jar.clone().dropCache(), true],
  ]) {
    const { headers, answer } = await handshake(`${all.gate.url}/socket`, visitor.header(), "hello");
    assert.equal(answer, "Ada Lovelace: hello");
    assert.equal(Boolean(headers["set-cookie"]?.some((line) => line.includes("session_data="))), renews);
  }
});

test("a body that was read before the gate is BODY_ALREADY_READ", async () => {
  const read = { method: "POST", body: "{}", headers: { "x-read-first": "1", "x-pass-on": "1", "origin": all.gate.url } };
  for (const path of ["/api/auth/sign-out", "/account"]) {
    const response = await visit(all.gate, jar.clone(), path, read);
    assert.deepEqual([response.status, (await response.json()).code], [500, "BODY_ALREADY_READ"], path);
  }
});

test("a body streams to the app and back", async () => {
  const body = new ReadableStream({
    start(controller) {
      for (const part of ["a", "b"]) controller.enqueue(new TextEncoder().encode(part));
      controller.close();
    },
  });
  const response = await visit(all.gate, jar, "/echo", { method: "POST", body, duplex: "half" });
  assert.match(await response.text(), /^(<a><b>|<ab>)$/);
});

/** Opens a WebSocket, sends a message and returns the handshake's headers and the answer. */
function handshake(url, cookie, message) {
  return new Promise((resolve, reject) => {
    const key = "dGhlIHNhbXBsZSBub25jZQ==";
    const headers = { cookie, "connection": "Upgrade", "upgrade": "websocket", "sec-websocket-version": "13", "sec-websocket-key": key };
    const request = http.get(url, { headers });
    request.on("error", reject);
    request.on("response", ({ statusCode }) => reject(new Error(`no upgrade: ${statusCode}`)));
    request.on("upgrade", (response, socket) => {
      socket.on("error", reject);
      socket.once("data", (frame) => {
        socket.destroy();
        resolve({ headers: response.headers, answer: frame.subarray(2, 2 + frame[1]).toString() });
      });
      // One masked text frame (RFC 6455 section 5.2), with a mask of zeros.
      socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | message.length, 0, 0, 0, 0]), Buffer.from(message)]));
    });
  });
}
