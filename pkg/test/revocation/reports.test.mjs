// The Better Auth plugin and the endpoint of its reports.
import assert from "node:assert/strict";
import { createHash, createHmac, hkdfSync, randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { betterSession } from "../../dist/plugin.js";
import { SECRET } from "../../../harness/origin.mjs";
import { act, asked, eventually, refused, startTwoGates, twoDevices, visit } from "./support.mjs";

const MARKS = "/api/auth/better-session/marks";
let at, internal, folder, resetToken;
const gates = { url: undefined };
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "better-session-log-"));
  // The gate's address is known once it runs: reports are sent by a function that finds it then.
  const send = (request) =>
    fetch(gates.url + new URL(request.url).pathname, { method: "POST", headers: request.headers, body: request.body, duplex: "half" });
  const plugins = [betterSession({ fetch: send })];
  const emailAndPassword = {
    enabled: true,
    revokeSessionsOnPasswordReset: true,
    sendResetPassword: async ({ token }) => void (resetToken = token),
  };
  at = await startTwoGates({ origin: { plugins, auth: { emailAndPassword } }, persist: folder });
  gates.url = at.one.url;
  internal = (await at.origin.auth.$context).internalAdapter;
});
after(async () => {
  await at?.close();
  rmSync(folder, { recursive: true, force: true });
});

const direct = [
  ["a session deleted by a script", (_, b) => internal.deleteSession(b.token), { spares: true }],
  ["a revocation at the origin itself", (a, b) => act(at.origin, a, "/revoke-session", { token: b.token }), { spares: true }],
  ["a user deleted by a script", (a) => internal.deleteUser(a.user.id), {}],
  ["all sessions of a user deleted", (a) => internal.deleteUserSessions(a.user.id), {}],
  [
    "a password reset of somebody who is not signed in",
    async (a) => {
      await act(at.one, null, "/request-password-reset", { email: a.credentials.email });
      await eventually(async () => resetToken, Boolean, "the reset token");
      await act(at.one, null, "/reset-password", { token: resetToken, newPassword: "another password" });
    },
    {},
  ],
];
for (const [name, change, { spares }] of direct) {
  test(`${name} is refused at the gates`, async () => {
    const { a, b } = await twoDevices(at);
    await change(a, b);
    await refused(at.two, b);
    if (spares) assert.equal((await visit(at.two, a)).status, 200);
    else await refused(at.two, a);
  });
}

test("a change of a user by a script reaches the gates", async () => {
  const { b } = await twoDevices(at);
  await internal.updateUser(b.user.id, { name: "Augusta" });
  await eventually(
    () => visit(at.two, b.clone(), { keep: false }),
    ({ body }) => body.user.name === "Augusta",
    "the new name",
  );
});

test("extending a session sends no report", async () => {
  const { a } = await twoDevices(at);
  const settled = () =>
    pause(1500)
      .then(kept)
      .then(({ length }) => length); // the cache's second, and what is on its way
  let before = -1;
  await eventually(settled, (length) => length === before || ((before = length), false), "a quiet log");
  const { adapter } = await at.origin.auth.$context; // it runs no hooks
  const soon = new Date(Date.now() + 86_400_000);
  await adapter.update({ model: "session", where: [{ field: "token", value: a.token }], update: { expiresAt: soon } });
  const session = await act(at.origin, a.dropCache(), "/get-session");
  assert.ok(Date.parse(session.session.expiresAt) > Date.now() + 6 * 86_400_000, "it was prolonged");
  assert.equal(await settled(), before);
});

test("the server responds without waiting for an unreachable gate, and the report arrives later", async () => {
  const { b } = await twoDevices(at);
  const url = gates.url;
  gates.url = "http://127.0.0.1:9";
  await internal.deleteSession(b.token);
  await pause(300);
  assert.equal((await visit(at.two, b.clone(), { keep: false })).status, 200, "nothing has arrived");
  gates.url = url;
  await refused(at.two, b);
});

test("10,000 revocations in a second reach the other gate", async () => {
  const { a, b } = await twoDevices(at);
  const before = (await kept()).length;
  const sent = Array.from({ length: 10 }, () => report({ body: Buffer.concat(Array.from({ length: 1000 }, () => record())) }));
  for (const { status } of await Promise.all(sent)) assert.equal(status, 204);
  await internal.deleteSession(b.token);
  await refused(at.two, b);
  await eventually(
    async () => (await kept()).length,
    (length) => length >= before + 10_000 * 27,
    "10,000 marks more",
  );
  assert.equal((await visit(at.two, a)).status, 200);
});

test("the log contains neither tokens nor user ids", async () => {
  const { a, b } = await twoDevices(at);
  await act(at.one, a, "/revoke-other-sessions", {});
  await refused(at.two, b);
  const bytes = Buffer.from(await kept());
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.ok(files.length > 0, "the log is on disk");
  const disk = Buffer.concat(files.map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name))));
  for (const text of [a.token, b.token, a.user.id, SECRET]) {
    assert.ok(!bytes.includes(text) && !disk.includes(text));
    assert.ok(!disk.includes(createHash("sha256").update(text).digest()), "nor a hash that anybody can make");
  }
});

test("expired entries are deleted from the log", async () => {
  await twoDevices(at).then(({ a }) => act(at.one, a, "/update-user", { name: "Marked" }));
  await eventually(
    async () => (await kept()).length,
    (length) => length > 0,
    "the mark",
  );
  // The plugin's own report of the change may come a little later: the alarm rings until all is quiet.
  let ahead = 3600_000;
  const ring = () => fetch(`${at.one.url}/test/ring?ahead=${(ahead += 120_000)}`);
  await eventually(
    () =>
      ring()
        .then(kept)
        .then(({ length }) => length),
    (length) => length === 0,
    "an empty log",
  );
  await pause(500);
  await ring();
});

test("the endpoint accepts a report that is signed with the secret, once, and rejects all others", async () => {
  const batch = record();
  const cases = [
    [{}, 204],
    [{ secret: "another secret" }, 401, "REPORT_BAD_SIGNATURE"],
    [{ time: Date.now() - 120_000 }, 401, "REPORT_OUT_OF_WINDOW"],
    [{ time: Date.now() + 120_000 }, 401, "REPORT_OUT_OF_WINDOW"],
    [{ nonce: "short" }, 401, "REPORT_MALFORMED"],
    [{ signature: "" }, 401, "REPORT_BAD_SIGNATURE"],
    [{ signedBody: Buffer.from("other") }, 401, "REPORT_BAD_SIGNATURE"],
    [{ body: Buffer.from("no marks"), signedBody: Buffer.from("no marks") }, 400, "BATCH_UNKNOWN_VERSION"],
    [{ body: batch.subarray(1), signedBody: batch.subarray(1) }, 400],
    [{ body: Buffer.alloc(300 * 1024) }, 413, "REPORT_TOO_LONG"],
    [{ method: "GET" }, 405, "METHOD_NOT_ALLOWED"],
  ];
  for (const [what, status, code] of cases) {
    const response = await report({ body: batch, ...what });
    const text = await response.text();
    assert.equal(response.status, status, `${JSON.stringify(what).slice(0, 80)}: ${text}`);
    if (code) assert.equal(JSON.parse(text).code, code);
  }
  await eventually(
    async () => (await kept()).length,
    (length) => length === batch.length,
    "the one that was taken",
  );
  const replayed = { body: batch, nonce: randomUUID(), time: Date.now() };
  assert.equal((await report(replayed)).status, 204);
  assert.equal((await report(replayed)).status, 204);
  const length = await eventually(
    async () => (await kept()).length,
    (length) => length > batch.length,
    "the other one",
  );
  assert.equal(length, 2 * batch.length, "the feed has it once");
  assert.equal(at.origin.counts[`POST ${MARKS}`], undefined, "no report travels on to the origin");
});

/** A report as the documentation describes it, made without the package. */
function report({ body, signedBody = body, secret = SECRET, time = Date.now(), nonce = randomUUID(), signature, method = "POST" }) {
  const envelope = createHash("sha256").update(secret).digest();
  const key = Buffer.from(hkdfSync("sha256", envelope, "better-session", "revocation marks: reports", 32));
  const signed = createHmac("sha256", key).update(`better-session marks 1\n${time}\n${nonce}\n`).update(signedBody).digest("base64url");
  const headers = {
    "x-better-session-time": String(time),
    "x-better-session-nonce": nonce,
    "x-better-session-signature": signature ?? signed,
  };
  return fetch(at.one.url + MARKS, { method, headers, body: method === "POST" ? body : undefined });
}

/** Returns an encoded revocation of an unknown user, see `src/gate/marks/codec.rs`. */
function record() {
  const bytes = Buffer.concat([Buffer.from([0x10]), randomBytes(16), Buffer.alloc(10)]);
  bytes.writeUIntBE(Date.now(), 17, 6);
  bytes.writeUInt32BE(300, 23);
  return bytes;
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Returns the content of the log; the cache of the data center may be slightly older. */
async function kept() {
  return new Uint8Array(await (await fetch(`${at.one.url}/test/kept`)).arrayBuffer());
}
