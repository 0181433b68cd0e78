/** Runs a call: client.wasm returns the actions, a new instance follows a trap. */
import { instantiate, type Client } from "../runtime/client.js";
import { type Job, RUNTIME_ERROR } from "./job.js";

/** The last action of `bindings/client/src/call.rs`. */
const END = 9;

export interface Engine {
  wasm: Client;
  /** It trapped: its memory is not to be trusted. */
  dead?: boolean;
}

let running: Promise<Engine> | undefined;

/** Resolves to the module's instance: a new one after a trap, or if it could not be made the last time. */
export function engine(): Promise<Engine> {
  return (running ??= instantiate().then(
    (wasm) => ({ wasm }),
    (cause) => {
      running = undefined;
      throw cause;
    },
  ));
}

/** Calls the module. A trap fails this call; others go on in a new instance. */
export function callWasm<T>(of: Engine, use: (wasm: Client) => T): T {
  try {
    if (of.dead) throw new Error("trapped");
    return use(of.wasm);
  } catch (trap) {
    if (!of.dead) running = undefined;
    of.dead = true;
    throw trap;
  }
}

/** Runs a job: carries out the actions that the module returns, and reports how they ended. Rejects with what a hook throws. */
export async function run(job: Job): Promise<void> {
  let failed = false;
  let value = 0;
  try {
    let of = await engine();
    for (let state = 0; ;) {
      // Another call's trap: all that the module knows of this one is in `state`.
      while (of.dead) of = await engine();
      state = callWasm(of, (wasm) => wasm.step(state, job.kind, job, job.response, failed, value));
      const action = state & 31;
      if (action === END) break;
      try {
        value = Number(await job.act(action));
        failed = false;
      } catch (thrown) {
        job.cause = thrown;
        value = job.release();
        failed = true;
      }
    }
  } catch (trap) {
    job.cause = trap;
    await job.fail(RUNTIME_ERROR);
    return;
  }
  if (failed) throw job.cause;
}
