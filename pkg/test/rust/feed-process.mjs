// The feeds of adapters/feeds as a feed of JavaScript: each is a process of its own.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { adapterProgram } from "../support/cargo.mjs";

/** Builds the program. */
export const feedProgram = () => adapterProgram("feed_process");

/** Starts a feed in Rust. `kind` is "redis" or "postgres", `options` are those of the npm package's feed. */
export function rustFeed(program, kind, url, options = {}) {
  const env = { ...process.env, FEED_KIND: kind, FEED_URL: url, FEED_OPTIONS: JSON.stringify(options) };
  const child = spawn(program, { env, stdio: ["pipe", "pipe", "inherit"] });
  const waiting = new Map();
  const wakes = [];
  let serial = 0;
  const lines = createInterface({ input: child.stdout }).on("line", (line) => {
    const { id, result, error, woken } = JSON.parse(line);
    if (woken) return wakes.forEach((wake) => wake());
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(result);
    else reject(new Error(error));
  });
  child.once("exit", () => waiting.forEach(({ reject }) => reject(new Error("the feed's process ended"))));
  const call = (name, more) =>
    new Promise((resolve, reject) => {
      serial += 1;
      waiting.set(serial, { resolve, reject });
      child.stdin.write(`${JSON.stringify({ id: serial, call: name, ...more })}\n`);
    });
  return {
    append: ({ data, expiresAt, id }) => call("append", { data: Buffer.from(data).toString("base64"), expiresAt, batch: id }),
    async since(cursor) {
      const { marks, floor, ...answer } = await call("since", { cursor });
      return { ...answer, marks: new Uint8Array(Buffer.from(marks, "base64")), floor: floor ?? undefined };
    },
    declareComplete: () => call("declareComplete"),
    listen: (wake) => (wakes.push(wake), call("listen")),
    close: () => (lines.close(), void child.kill("SIGKILL")),
  };
}
