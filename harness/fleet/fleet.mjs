// Gates as processes of their own, in front of one real Better Auth server.
import { fileURLToPath } from "node:url";
import { startProcess } from "../engines/process.mjs";
import { SECRET, startOrigin } from "../origin.mjs";

const program = fileURLToPath(new URL("gate-process.mjs", import.meta.url));

/** Starts a gate process. `via` is a command before it, for a network namespace; `host` is where it listens. */
export async function startGateProcess(settings, { via = [], host = "127.0.0.1", flags = [] } = {}) {
  const [command, ...args] = [...via, process.execPath, ...flags, program, JSON.stringify(settings)];
  const running = startProcess(command, args, { env: { ...process.env, HOST: host } });
  const port = await new Promise((resolve, reject) => {
    let text = "";
    running.child.stdout.on("data", (chunk) => {
      text += chunk;
      if (/^\d+\n/m.test(text)) resolve(Number(/^\d+/m.exec(text)[0]));
    });
    running.child.once("exit", () => reject(new Error(`the gate did not start:\n${running.log()}`)));
  });
  const url = `http://${host}:${port}`;
  return {
    url,
    basePath: "/api/auth",
    log: running.log,
    stop: running.stop,
    figures: async () => (await fetch(`${url}/test/figures`)).json(),
    collect: () => fetch(`${url}/test/collect`),
  };
}

/** Starts an origin and two gates on a feed: `feed` for both, or a list of two. Returns { origin, one, two, close() }. */
export async function startFleet(feed, { gate = {}, clocks = [0, 0], origin: originOptions = {}, gates = [{}, {}] } = {}) {
  const trusted = [];
  const session = { cookieCache: { enabled: true }, ...gate.session };
  const origin = await startOrigin({ ...originOptions, session, auth: { ...originOptions.auth, trustedOrigins: () => trusted } });
  const options = { secret: SECRET, origin: originOptions.seenAs?.(origin) ?? origin.url, hiddenFields: {}, ...gate, session };
  const feeds = Array.isArray(feed) ? feed : [feed, feed];
  const [one, two] = await Promise.all(feeds.map((one, at) => startGateProcess({ options, feed: one, clock: clocks[at] }, gates[at])));
  trusted.push(origin.url, one.url, two.url);
  return { origin, one, two, close: () => Promise.all([one.stop("SIGKILL"), two.stop("SIGKILL"), origin.close()]) };
}
