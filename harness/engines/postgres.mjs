// A real Postgres server on a free port, with its files in a temporary folder.
import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, chownSync, readdirSync, existsSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { freePort, startProcess, temporaryFolder } from "./process.mjs";

/** Debian's binaries are not on PATH. Postgres refuses to run as root. */
const bin = (name) => {
  const folders = existsSync("/usr/lib/postgresql") ? readdirSync("/usr/lib/postgresql").sort((one, two) => two - one) : [];
  const [newest] = folders.map((version) => `/usr/lib/postgresql/${version}/bin/${name}`).filter(existsSync);
  return newest ?? name;
};
const asUser = process.getuid() === 0 ? ["runuser", "-u", "postgres", "--"] : [];

/**
 * Starts Postgres. Returns { port, url, start(), stop(signal), wipe(), close() }: `stop("SIGINT")` ends it in an orderly way and
 * SIGQUIT like a crash; `wipe` makes a new cluster while it is stopped.
 */
export async function startPostgres({ bind = "127.0.0.1", settings = {} } = {}) {
  const folder = temporaryFolder("postgres");
  if (asUser.length > 0) {
    const id = (flag) => Number(execFileSync("id", [flag, "postgres"]));
    chownSync(folder.path, id("-u"), id("-g"));
  }
  const port = await freePort();
  const data = join(folder.path, "data");
  const make = () => {
    const [command, ...args] = [
      ...asUser,
      bin("initdb"),
      "-D",
      data,
      "-U",
      "postgres",
      "-A",
      "trust",
      "--no-sync",
      "-E",
      "UTF8",
      "--locale=C",
    ];
    execFileSync(command, args, { stdio: "ignore" });
    // Gates in a network namespace have another address.
    if (bind !== "127.0.0.1") appendFileSync(join(data, "pg_hba.conf"), "host all all 10.0.0.0/8 trust\n");
  };
  make();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let server;
  const start = async () => {
    const all = { listen_addresses: bind, unix_socket_directories: folder.path, shared_buffers: "16MB", max_connections: 60, ...settings };
    const flags = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const [command, ...args] = [...asUser, bin("postgres"), "-D", data, "-p", String(port), ...flags];
    server = startProcess(command, args, { cwd: folder.path });
    await untilReady(url, server);
  };
  await start();
  return {
    port,
    url,
    start,
    /** runuser passes SIGTERM on only, so signals go to the server itself. */
    async stop(signal = "SIGINT") {
      signalServer(server, signal);
      await untilEnded(server);
    },
    /** Stops or continues the server and the processes of its connections. */
    signal(name) {
      const pid = signalServer(server, name);
      for (const child of childrenOf(pid)) process.kill(child, name);
    },
    wipe() {
      execFileSync("rm", ["-rf", data]);
      make();
    },
    async close() {
      signalServer(server, "SIGQUIT");
      await untilEnded(server);
      folder.remove();
    },
  };
}

/** Signals the server behind runuser. Returns its process id. */
function signalServer({ child }, signal) {
  let { pid } = child;
  if (child.exitCode !== null || child.signalCode !== null) return pid;
  if (asUser.length > 0) {
    do [pid] = childrenOf(pid);
    while (!/^postgres/.test(execFileSync("ps", ["-o", "comm=", "-p", pid], { encoding: "utf8" }).trim()));
  }
  process.kill(pid, signal);
  return pid;
}

function childrenOf(pid) {
  const { stdout } = spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" });
  return stdout.split("\n").filter(Boolean).map(Number);
}

async function untilEnded({ child, stop }) {
  for (let tries = 0; tries < 200 && child.exitCode === null && child.signalCode === null; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await stop("SIGKILL");
}

async function untilReady(url, server) {
  for (let tries = 0; tries < 400; tries += 1) {
    if (server.child.exitCode !== null) break;
    const client = new pg.Client(url);
    client.on("error", () => {});
    try {
      await client.connect();
      await client.query("SELECT 1");
      return await client.end();
    } catch {
      await client.end().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`Postgres did not start:\n${server.log()}`);
}
