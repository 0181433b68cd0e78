// The real Better Auth server and the server of faults that the parts of the matrix share, started on first use.
import { SECRET } from "../harness/origin.mjs";
import { startFaults } from "../pkg/test/client/faults.mjs";
import { startServer } from "../pkg/test/client/server.mjs";

let started;

/** Resolves to `{ server, faults, secret, origin }`. */
export const backend = () => (started ??= start());

async function start() {
  const [origin, faults] = await Promise.all([startServer(), startFaults()]);
  const close = () => Promise.all([origin.close(), faults.close()]);
  return { origin, server: origin.url, faults: faults.faults, secret: SECRET, close };
}

/** Ends them; the next part starts new ones. */
export async function closeBackend() {
  const running = started;
  started = undefined;
  await (await running)?.close();
}
