// Starts the programs of adapters/ in front of a real Better Auth server.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Starts a program that prints its URL. Returns { url, log(), close() }. */
export async function startProgram(program, env, args = []) {
  const child = spawn(program, args, { env: { PATH: process.env.PATH, PORT: "0", ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const log = [];
  child.stderr.on("data", (chunk) => log.push(String(chunk)));
  const onExit = () => child.kill("SIGKILL");
  process.once("exit", onExit);
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the program exited with ${code}:\n${log.join("")}`)));
  });
  return {
    url,
    log: () => log.join(""),
    async close() {
      process.off("exit", onExit);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    },
  };
}
