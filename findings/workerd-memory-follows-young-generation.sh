#!/usr/bin/env bash
# workerd 1.20260426.1 (`workerd serve`, nothing else): the resident size of a Worker of one line that keeps nothing grows by about 1.5 kB with each
# request, up to some 550 MB after 250,000 requests, and stays there. It is no leak: what a request leaves in C++ is freed when V8 collects the young
# generation, whose 32 MB hold the small JavaScript objects of tens of thousands of requests. With the V8 flag `--max-semi-space-size=1` in the
# config's `v8Flags` the same load stays below 150 MB. So a growing resident size says nothing of a Worker's memory: measure after a collection
# (HeapProfiler.collectGarbage of the inspector).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact workerd@1.20260426.1
cat >run.mjs <<'PROGRAM'
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import workerd from "workerd";

const REQUESTS = 300_000;
const CONNECTIONS = 8;
writeFileSync("worker.js", `export default { fetch: () => new Response("ok") };`);
for (const flags of [[], ["--max-semi-space-size=1"]]) {
  const { pid, port, stop } = await start(flags);
  let left = REQUESTS;
  await Promise.all(Array.from({ length: CONNECTIONS }, () => ask(port, () => left-- > 0)));
  const megabytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1000;
  stop();
  console.error(`${megabytes.toFixed(0)} MB with [${flags}]`);
  console.log(`${flags[0] ?? "no flags"}: ${megabytes > 350 ? "more than 350 MB" : megabytes < 150 ? "less than 150 MB" : "between"}`);
}

async function start(flags) {
  const free = createServer().listen(0, "127.0.0.1");
  await pause(50);
  const { port } = free.address();
  await new Promise((resolve) => free.close(resolve));
  writeFileSync("config.capnp", `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (modules = [(name = "worker.js", esModule = embed "worker.js")], compatibilityDate = "2026-04-01"))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
  v8Flags = ${JSON.stringify(flags)}
);`);
  const child = spawn(workerd.default ?? workerd, ["serve", "config.capnp"], { stdio: "inherit" });
  for (let tries = 0; tries < 100; tries += 1) {
    const up = await fetch(`http://127.0.0.1:${port}/`).then((response) => response.ok, () => false);
    if (up) return { pid: child.pid, port, stop: () => child.kill("SIGKILL") };
    await pause(100);
  }
  throw new Error("workerd did not start");
}

/** Sends requests one after the other on one connection, with a cookie of 1000 bytes. */
function ask(port, more) {
  const request = `GET / HTTP/1.1\r\nhost: localhost\r\ncookie: ${"a".repeat(1000)}\r\n\r\n`;
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(request));
    let text = "";
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      text += chunk;
      if (!text.endsWith("\r\n\r\nok")) return;
      text = "";
      if (more()) socket.write(request);
      else resolve(socket.destroy());
    });
  });
}
PROGRAM
node run.mjs | tee seen.txt
diff seen.txt - <<'EXPECTED' && echo "still so with workerd@1.20260426.1"
no flags: more than 350 MB
--max-semi-space-size=1: less than 150 MB
EXPECTED
