// The commands of each example's README, as they are written there, in front of a real server.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SECRET, signUp, startOrigin } from "../../harness/origin.mjs";
import { installExample, newerNode } from "../../pkg/test/frameworks/app.mjs";
import { root } from "../../pkg/test/support/pack.mjs";

const SITE = "http://localhost:8787";
const SECONDS = 120;
/** wrangler starts these (pkg/test/edge/wrangler.test.mjs, matrix/parts/rust.mjs), and a proxy asks the third (matrix/proxies). */
const OTHERS = ["worker", "workers-rs", "forward-auth"];

let origin;
before(async () => (origin = await startOrigin({ auth: { trustedOrigins: [SITE] } })));
after(() => origin?.close());

/** Returns the commands of the first block of shell, without the installation. */
function commandsOf(example) {
  const text = readFileSync(join(root, "examples", example, "README.md"), "utf8");
  const [, block] = /```sh\n([\s\S]*?)```/.exec(text);
  assert.match(block, /^npm install\n/);
  return block.replace("npm install\n", "").replace("the-same-as-the-server-has", SECRET).replace("http://localhost:3000", origin.url);
}

/** Requests a path on a connection of its own: the next example listens on the same port. */
const get = (path, cookie) =>
  new Promise((resolve, reject) => {
    request(SITE + path, { agent: false, headers: cookie ? { cookie } : {} }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => (text += chunk)).on("end", () => resolve({ status: response.statusCode, text }));
    })
      .on("error", reject)
      .end();
  });

const examples = readdirSync(join(root, "examples"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
for (const { name } of examples.filter(({ name }) => !OTHERS.includes(name))) {
  test(name, async () => {
    const folder = installExample(name);
    const env = { ...process.env, PATH: `${newerNode()}:${process.env.PATH}`, NEXT_TELEMETRY_DISABLED: "1", ASTRO_TELEMETRY_DISABLED: "1" };
    for (const one of ["NODE_TEST_CONTEXT", "PORT", "HOST"]) delete env[one];
    const shell = spawn("bash", ["-ec", commandsOf(name)], { cwd: folder, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const log = [];
    for (const stream of [shell.stdout, shell.stderr]) stream.on("data", (chunk) => log.push(String(chunk)));
    const ended = new Promise((resolve) => shell.once("exit", resolve));
    try {
      for (const deadline = Date.now() + SECONDS * 1000; (await get("/").catch(() => null))?.status !== 200;) {
        assert.ok(shell.exitCode === null && Date.now() < deadline, log.join("").slice(-3000));
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
      const jar = await signUp(origin);
      const [inside, outside] = [await get("/account", jar.header()), await get("/account")];
      assert.equal(inside.status, 200);
      assert.match(inside.text, /Ada Lovelace/);
      assert.ok([302, 303, 307, 401].includes(outside.status), String(outside.status));
    } finally {
      process.kill(-shell.pid, "SIGTERM");
      await ended;
    }
  });
}
