// The command line, against a real server: the cookie comes from a file or standard input, the secret from the environment.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SECRET, signUp, startOrigin } from "../../harness/origin.mjs";
import { pkg } from "./support/pack.mjs";

let origin, jar, folder;
before(async () => {
  origin = await startOrigin();
  jar = await signUp(origin);
  folder = mkdtempSync(join(tmpdir(), "better-session-cli-"));
});
after(async () => {
  if (folder) rmSync(folder, { recursive: true });
  await origin?.close();
});

/** Runs the command. Resolves to { code, out, err }. */
async function run(args, input = "", env = { BETTER_AUTH_SECRET: SECRET }) {
  const { BETTER_AUTH_SECRET, BETTER_AUTH_SECRETS, ...rest } = process.env;
  const child = spawn(process.execPath, [join(pkg, "bin/better-session.mjs"), ...args], { env: { ...rest, ...env } });
  const read = async (stream) => (await stream.toArray()).join("");
  child.stdin.on("error", () => {}).end(input);
  const [out, err, code] = await Promise.all([read(child.stdout), read(child.stderr), new Promise((ended) => child.once("close", ended))]);
  for (const secret of [SECRET, jar.token]) assert.ok(!(out + err).includes(secret), "shows no secret and no token");
  return { code, out, err };
}

test("inspect explains a Cookie header from standard input or a file", async () => {
  const valid = await run(["inspect", "--base-url", origin.url], `Cookie: ${jar.header()}\n`);
  assert.equal(valid.code, 0, valid.err);
  assert.match(valid.out, /^authenticated\n/);
  assert.match(valid.out, /"name": "Ada Lovelace"/);
  const file = join(folder, "cookie");
  writeFileSync(file, jar.clone().dropCache().header());
  const stale = await run(["inspect", file]);
  assert.equal(stale.code, 1);
  assert.match(stale.out, /^stale: cache_absent\n/);
  const other = await run(["inspect", "--base-url", "https://app.example"], jar.header());
  assert.match(other.out, /^unauthenticated: no_cookie\n[^]*expected as: __Secure-better-auth\.session_token/);
});

test("inspect takes a bare value, and decodes it without a secret", async () => {
  const value = jar.get("better-auth.session_data");
  const opened = await run(["inspect"], value);
  assert.equal(opened.code, 0);
  assert.match(opened.out, /^cache: compact, valid\n[^]*Ada Lovelace/);
  const decoded = await run(["inspect"], value, {});
  assert.equal(decoded.code, 1);
  assert.match(decoded.out, /^cache: compact, not verified/);
  assert.equal((await run(["inspect"], "garbage")).code, 1);
});

test("the secret is never an argument, nor in the file of options", async () => {
  for (const args of [
    ["inspect", "--secret", SECRET],
    [SECRET],
    ["inspect", "a", SECRET],
    ["inspect", SECRET],
    ["inspect", "--options", SECRET],
  ]) {
    assert.deepEqual([(await run(args, jar.header())).code], [2]);
  }
  const file = join(folder, "options.json");
  for (const text of [JSON.stringify({ secret: SECRET }), `{ "x": ${SECRET} }`, "[]1"]) {
    writeFileSync(file, text);
    assert.equal((await run(["inspect", "--options", file], jar.header())).code, 2);
  }
});

test("doctor agrees with a server that has the same options, and names what differs", async () => {
  const same = await run(["doctor", origin.url, "--base-url", origin.url], jar.header());
  assert.equal(same.code, 0, same.out);
  assert.doesNotMatch(same.out, /DIFFERS|skipped/);
  const differing = {
    "cookieCache.maxAge": { session: { cookieCache: { enabled: true, maxAge: 60 } } },
    "cookieCache.strategy": { session: { cookieCache: { enabled: true, strategy: "jwe" } } },
    "cookieCache.enabled": { session: {} },
    "cookieCache.version": { session: { cookieCache: { enabled: true, version: "2" } } },
    "session token is named": { advanced: { cookiePrefix: "app" }, session: { cookieCache: { enabled: true } } },
  };
  const file = join(folder, "differing.json");
  for (const [named, options] of Object.entries(differing)) {
    writeFileSync(file, JSON.stringify(options));
    const { code, out } = await run(["doctor", origin.url, "--options", file], jar.header());
    assert.equal(code, 1, named);
    assert.match(out, new RegExp(`DIFFERS  .*${named}`));
  }
  const wrong = await run(["doctor", origin.url], jar.header(), { BETTER_AUTH_SECRET: "another-secret-of-32-bytes-or-more!" });
  assert.match(wrong.out, /DIFFERS  the secret verifies the session token \(token_bad_signature\)/);
  const gone = await run(["doctor", "http://127.0.0.1:1"], "");
  assert.match(gone.out, /DIFFERS .*no response/);
});
