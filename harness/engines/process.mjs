// Starts and stops server processes in temporary folders.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Returns a port of 127.0.0.1 that was free a moment ago. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Creates a temporary folder. `remove()` deletes it. */
export function temporaryFolder(name) {
  const path = mkdtempSync(join(tmpdir(), `better-session-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts a process. `stop(signal)` ends it and waits; `log()` returns what it printed. It ends with this process too. */
export function startProcess(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  const output = [];
  const keep = (chunk) => (output.push(String(chunk)), output.length > 500 && output.shift());
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.once("error", (error) => keep(error.message));
  const onExit = () => child.kill("SIGKILL");
  process.once("exit", onExit);
  return {
    child,
    log: () => output.join(""),
    async stop(signal = "SIGTERM") {
      process.off("exit", onExit);
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await ended;
    },
  };
}

/** Waits until a port accepts connections. */
export async function untilListening(port, server, host = "127.0.0.1") {
  for (let tries = 0; tries < 600; tries += 1) {
    if (server.child.exitCode !== null) break;
    const open = await new Promise((resolve) => {
      const socket = connect(port, host, () => (socket.destroy(), resolve(true)));
      socket.once("error", () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the server did not start:\n${server.log()}`);
}
