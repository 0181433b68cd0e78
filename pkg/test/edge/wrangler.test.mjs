// examples/worker with the packed package: `wrangler deploy --dry-run`, and `wrangler dev` in front of a real origin.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SECRET, call, signUp, startOrigin } from "../../../harness/origin.mjs";
import { installPacked, root } from "../support/pack.mjs";
import { visit } from "./support.mjs";

const wrangler = join(root, "node_modules/wrangler/bin/wrangler.js");
const env = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "true", NO_COLOR: "1" };
let installed, folder;
before(() => {
  installed = installPacked();
  folder = join(installed.folder, "worker");
  cpSync(join(root, "examples/worker"), folder, { recursive: true, filter: (path) => !/node_modules|\.wrangler|\.dev\.vars/.test(path) });
});
after(() => installed?.remove());

test("wrangler deploy --dry-run bundles the example with one module beside the script", () => {
  execFileSync(process.execPath, [wrangler, "deploy", "--dry-run", "--outdir", "out"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
    env,
  });
  const wasm = readdirSync(join(folder, "out")).filter((name) => name.endsWith(".wasm"));
  assert.equal(wasm.length, 1, wasm.join());
});

test("wrangler dev runs the example", async () => {
  const trusted = [];
  const origin = await startOrigin({ auth: { trustedOrigins: () => trusted } });
  const vars = { BETTER_AUTH_SECRET: SECRET, ORIGIN: origin.url, BETTER_AUTH_URL: "" };
  const args = [
    "dev",
    "--ip",
    "127.0.0.1",
    "--port",
    "0",
    "--inspector-port",
    "0",
    "--show-interactive-dev-session=false",
    ...Object.entries(vars).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
  ];
  const dev = spawn(process.execPath, [wrangler, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  try {
    const url = await readyAt(dev);
    trusted.push(url);
    const gate = { url, basePath: origin.basePath };
    const page = await fetch(`${url}/account`, { redirect: "manual" });
    assert.deepEqual([page.status, (await page.json()).code], [401, "UNAUTHORIZED"]);
    assert.equal(await (await fetch(`${url}/`)).text(), "Hello stranger");
    const jar = await signUp(gate);
    assert.equal((await (await visit(gate, jar, "/account")).json()).user.name, "Ada Lovelace");
    assert.equal(await (await visit(gate, jar, "/")).text(), "Hello Ada Lovelace");
    const stolen = jar.clone();
    assert.equal((await call(gate, jar, "/sign-out", { body: {} })).status, 200);
    assert.equal((await visit(gate, stolen, "/account")).status, 401, "a copy of the cookies ends with the session");
  } finally {
    dev.kill("SIGTERM");
    await new Promise((ended) => (dev.exitCode === null && dev.signalCode === null ? dev.once("exit", ended) : ended()));
    await origin.close();
  }
});

/** Returns the address that wrangler prints once it listens. */
function readyAt(dev) {
  return new Promise((resolve, reject) => {
    let said = "";
    const read = (chunk) => {
      said += chunk;
      const ready = /Ready on (http:\/\/127\.0\.0\.1:\d+)/.exec(said);
      if (ready) resolve(ready[1]);
    };
    dev.stdout.on("data", read);
    dev.stderr.on("data", read);
    dev.once("exit", (code) => reject(new Error(`wrangler dev ended with ${code}: ${said}`)));
    setTimeout(() => reject(new Error(`wrangler dev is not ready: ${said}`)), 120_000).unref();
  });
}
