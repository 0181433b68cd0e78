// Reports to the gate: the cost of unsigned ones, the maximum length, and the entries that a read of the feed decodes.
import assert from "node:assert/strict";
import { createHash, createHmac, hkdfSync, randomBytes, randomUUID } from "node:crypto";
import { request } from "node:http";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { RevocationLog, durableObjectFeed } from "../../dist/edge.js";
import { SECRET } from "../../../harness/origin.mjs";
import { bundle } from "../edge/support.mjs";
import { startWithFeed } from "./feed.mjs";
import { inBoth } from "./support.mjs";
import { reads } from "./tail-worker.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const MAX = 64 * 1024;

describe("reports", () => {
  let at;
  before(async () => (at = await startWithFeed()));
  after(() => at?.close());

  inBoth(
    "an old report is refused by its time, signed or not, before its body is read",
    () => at,
    async (gate) => {
      const time = Date.now() - 120_000;
      for (const secret of [SECRET, "another secret"]) {
        assert.deepEqual(await report(gate, { body: batch(1), time, secret }), [401, "REPORT_OUT_OF_WINDOW"]);
        assert.deepEqual(await report(gate, { body: batch(1), time, secret, held: true }), [401, "REPORT_OUT_OF_WINDOW"]);
      }
      assert.deepEqual(await report(gate, { body: batch(1), nonce: "short", held: true }), [401, "REPORT_MALFORMED"]);
    },
  );

  inBoth(
    "a report above 64 KiB is refused, with and without a content length",
    () => at,
    async (gate) => {
      assert.deepEqual(await report(gate, { body: batch(Math.floor(MAX / 27)) }), [204, undefined]);
      assert.deepEqual(await report(gate, { body: batch(Math.floor(MAX / 27) + 1) }), [413, "REPORT_TOO_LONG"]);
      assert.deepEqual(await report(gate, { endless: true }), [413, "REPORT_TOO_LONG"]);
      assert.deepEqual(await report(gate, { body: batch(1), secret: "another secret" }), [401, "REPORT_BAD_SIGNATURE"]);
    },
  );
});

const expected = [270_000, 0, 27, 81, 0];

test("a read of the feed returns new entries only [workerd]", async () => {
  const workerd = new Miniflare({
    modules: await bundle(join(here, "tail-worker.mjs")),
    compatibilityDate: "2026-04-01",
    cf: false,
    durableObjects: { LOG: { className: "Log", useSQLite: true } },
  });
  try {
    assert.deepEqual(await (await workerd.dispatchFetch("http://gate.example/")).json(), expected);
  } finally {
    await workerd.dispose();
  }
});

test("a read of the feed returns new entries only [node]", async () => {
  assert.deepEqual(await reads(durableObjectFeed(namespace(), { cache: 0 })), expected);
});

/** A Durable Object without storage: all its entries are in memory. */
function namespace() {
  const exec = (query) => (query.startsWith("SELECT floor") ? [{ floor: 0 }] : []);
  const log = new RevocationLog({ storage: { sql: { exec }, setAlarm() {} } });
  return { idFromName: (name) => name, get: () => ({ fetch: (url, init) => log.fetch(new Request(url, init)) }) };
}

/**
 * [status, code] of a report. `held`: the body's length is announced and no byte of it sent. `endless`: a body without a length that goes
 * on until the answer, or to 8 MiB.
 */
async function report(gate, { body = "", held, endless, secret = SECRET, time = Date.now(), nonce = randomUUID() }) {
  const envelope = createHash("sha256").update(secret).digest();
  const key = Buffer.from(hkdfSync("sha256", envelope, "better-session", "revocation marks: reports", 32));
  const signature = createHmac("sha256", key).update(`better-session marks 1\n${time}\n${nonce}\n`).update(body).digest("base64url");
  const headers = { "x-better-session-time": String(time), "x-better-session-nonce": nonce, "x-better-session-signature": signature };
  const url = `${gate.url}/api/auth/better-session/marks`;
  return new Promise((resolve, reject) => {
    let answered = false;
    const sent = request(url, {
      method: "POST",
      agent: false,
      timeout: 5000,
      headers: endless ? headers : { ...headers, "content-length": body.length },
    });
    sent.on("timeout", () => reject(new Error("no answer in 5 s")));
    sent.on("error", (error) => answered || setTimeout(reject, 500, error));
    sent.on("response", async (response) => {
      answered = true;
      const text = (await response.toArray()).join("");
      sent.destroy();
      resolve([response.statusCode, text ? JSON.parse(text).code : undefined]);
    });
    if (held) sent.flushHeaders();
    else if (endless) void flood(sent, () => answered);
    else sent.end(body);
  });
}

async function flood(sent, enough) {
  for (let left = 128; left > 0 && !enough(); left -= 1) {
    sent.write(Buffer.alloc(MAX));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  if (!enough()) sent.end();
}

/** Returns revocations of unknown subjects in the format of `src/gate/marks/codec.rs`. */
function batch(count) {
  return Buffer.concat(
    Array.from({ length: count }, () => {
      const bytes = Buffer.concat([Buffer.from([0x10]), randomBytes(16), Buffer.alloc(10)]);
      bytes.writeUIntBE(Date.now(), 17, 6);
      bytes.writeUInt32BE(300, 23);
      return bytes;
    }),
  );
}
