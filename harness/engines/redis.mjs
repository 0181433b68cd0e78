// A real Redis server on a free port, with its files in a temporary folder.
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { createClient, RESP_TYPES } from "redis";
import { freePort, startProcess, temporaryFolder, untilListening } from "./process.mjs";

/**
 * Starts redis-server. `persistent` stores every write before it is confirmed. Returns { port, url, stop(signal), start(),
 * wipe(), close() }: `stop` and `start` restart it on the same port; `wipe` deletes its files while it is stopped.
 */
export async function startRedis({ persistent = false, bind = "127.0.0.1" } = {}) {
  const folder = temporaryFolder("redis");
  const port = await freePort();
  const host = "127.0.0.1";
  let server;
  const start = async () => {
    const [command, ...args] = ["redis-server", "--port", port, "--bind", bind, "--protected-mode", "no", "--dir", folder.path];
    const files = persistent ? ["--appendonly", "yes", "--appendfsync", "always"] : ["--save", ""];
    server = startProcess(command, [...args, ...files].map(String));
    await untilReady(port, host, server);
  };
  await start();
  return {
    port,
    url: `redis://${host}:${port}`,
    start,
    stop: (signal = "SIGKILL") => server.stop(signal),
    signal: (name) => server.child.kill(name),
    wipe() {
      folder.remove();
      mkdirSync(folder.path);
    },
    async close() {
      await server.stop("SIGKILL");
      folder.remove();
    },
  };
}

/** A server that loads its files accepts connections before it answers. */
async function untilReady(port, host, server) {
  await untilListening(port, server, host);
  for (let tries = 0; tries < 200; tries += 1) {
    const client = createClient({ socket: { port, host, reconnectStrategy: false } });
    client.on("error", () => {});
    try {
      await client.connect();
      await client.ping();
      return client.destroy();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`redis-server does not answer:\n${server.log()}`);
}

/** Starts a small REST proxy in front of a Redis server, with Upstash's interface: commands, pipelines, transactions and base64 replies. */
export async function startRestProxy(url, token = "a-token-of-the-tests") {
  const client = createClient({ url }).withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  client.on("error", () => {});
  await client.connect();
  const run = async (command, base64) => {
    try {
      return { result: encode(await client.sendCommand(command.map(String)), base64) };
    } catch (error) {
      return { error: error.message };
    }
  };
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const reply = (status, value) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (request.headers.authorization !== `Bearer ${token}`) return reply(401, { error: "Unauthorized" });
    const base64 = request.headers["upstash-encoding"] === "base64";
    const command = JSON.parse(body.toString());
    if (/^\/(pipeline|multi-exec)/.test(request.url)) {
      const results = [];
      for (const one of command) results.push(await run(one, base64));
      return reply(200, results);
    }
    const result = await run(command, base64);
    reply(result.error ? 400 : 200, result);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    token,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      client.destroy();
    },
  };
}

function encode(value, base64) {
  if (Array.isArray(value)) return value.map((item) => encode(item, base64));
  if (value instanceof Uint8Array) return Buffer.from(value).toString(base64 ? "base64" : "utf8");
  if (typeof value === "string") return base64 && value !== "OK" ? Buffer.from(value).toString("base64") : value;
  return value;
}
