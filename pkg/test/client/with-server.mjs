// Runs a command while a test server runs, with its URL in BETTER_SESSION_ORIGIN. Exits with the exit code of the command.
import { spawn } from "node:child_process";
import { startServer } from "./server.mjs";

const server = await startServer();
const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: "inherit", env: { ...process.env, BETTER_SESSION_ORIGIN: server.url } });
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => child.kill(signal));
process.exitCode = await new Promise((ended) => {
  child.once("error", (error) => (console.error(`${command}: ${error.message}`), ended(127)));
  child.once("exit", (code) => ended(code ?? 1));
});
await server.close();
