// Encoded responses of the origin: what the visitor gets can be decoded with the headers that come with it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { brotliCompressSync, gunzipSync, gzipSync } from "node:zlib";
import { createSessionGate, nodeListener } from "better-session/edge";
import { SECRET } from "../../../harness/origin.mjs";

const TEXT = "a body that is encoded ".repeat(50);
const BODIES = {
  "/gzip": ["gzip", gzipSync(TEXT)],
  "/br": ["br", brotliCompressSync(TEXT)],
  "/unknown": ["exi", Buffer.from("not really encoded")],
  "/both": ["exi, gzip", gzipSync("not really encoded")],
  "/identity": [undefined, Buffer.from(TEXT)],
};

const listen = (server) =>
  new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(`http://127.0.0.1:${server.address().port}`)));

/** Requests without decoding the response. */
async function raw(url, accepted) {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers: accepted ? { "accept-encoding": accepted } : {} }, (response) => {
      const chunks = [];
      response
        .on("data", (chunk) => chunks.push(chunk))
        .on("end", () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
    });
    sent.on("error", reject).end();
  });
}

describe("an origin with a URL", () => {
  let origin, gate, url;
  const accepted = [];
  before(async () => {
    origin = createServer((request, response) => {
      const [encoding, body] = BODIES[request.url];
      accepted.push(request.headers["accept-encoding"] ?? null);
      if (encoding) response.setHeader("content-encoding", encoding);
      response.setHeader("content-length", body.length).end(body);
    });
    const options = { secret: SECRET, origin: await listen(origin), routes: { public: ["/**"] } };
    gate = createServer(nodeListener(createSessionGate(options)));
    url = await listen(gate);
  });
  after(() => (gate?.close(), origin?.close()));

  test("a known encoding is decoded, and the header with it", async () => {
    for (const path of ["/gzip", "/br", "/identity"]) {
      const { headers, body } = await raw(url + path, "gzip, br");
      assert.deepEqual([headers["content-encoding"], body.toString()], [undefined, TEXT], path);
    }
  });

  test("a body whose encoding fetch does not know keeps header and bytes", async () => {
    for (const path of ["/unknown", "/both"]) {
      const [encoding, sent] = BODIES[path];
      const { headers, body } = await raw(url + path, "gzip, br");
      assert.deepEqual([headers["content-encoding"], body.equals(sent)], [encoding, true], path);
    }
  });

  test("the origin is asked for encodings that fetch decodes only", async () => {
    accepted.length = 0;
    for (const value of ["zstd, gzip;q=0.8, br", "zstd", "*"]) await raw(`${url}/identity`, value);
    assert.deepEqual(accepted, ["gzip;q=0.8, br", "identity", "identity"]);
  });
});

test("a binding in this process: its encoded response passes unchanged", async () => {
  const body = gzipSync(TEXT);
  const binding = {
    fetch: async () => new Response(body, { headers: { "content-encoding": "gzip", "content-length": String(body.length) } }),
  };
  const gate = createSessionGate({ secret: SECRET, origin: binding, routes: { public: ["/**"] } });
  const response = await gate.fetch(new Request("http://app.example/x"));
  assert.equal(response.headers.get("content-encoding"), "gzip");
  assert.equal(gunzipSync(Buffer.from(await response.arrayBuffer())).toString(), TEXT);
});

test("a large download through Node leaves no listeners behind", async () => {
  const warnings = [];
  const listener = (warning) => void warnings.push(String(warning));
  process.on("warning", listener);
  const chunk = new Uint8Array(256 * 1024);
  const chunks = 64;
  let left = chunks;
  const stream = () =>
    new ReadableStream(
      { pull: (controller) => (left > 0 ? (left--, controller.enqueue(chunk)) : controller.close()) },
      { highWaterMark: 0 },
    );
  const gate = createSessionGate({ secret: SECRET, origin: "http://127.0.0.1:1", routes: { public: ["/**"] } });
  const server = createServer(nodeListener(gate, async () => new Response(stream())));
  try {
    const { body } = await raw(await listen(server));
    assert.equal(body.length, chunk.length * chunks);
    await new Promise((turn) => setImmediate(turn));
    assert.deepEqual(warnings, []);
  } finally {
    process.off("warning", listener);
    server.close();
  }
});
