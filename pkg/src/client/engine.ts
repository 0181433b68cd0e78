import { instantiate, type Client } from "../runtime/client.js";
import { type Job, RUNTIME_ERROR } from "./job.js";
import type { AuthError } from "./options.js";

export interface Outcome {
  data: unknown;
  error: AuthError | null;
  /** In the order of `client::route::Effect`. */
  changed?: number;
}

export interface Engine {
  wasm: Client;
  /** It trapped: its memory is not to be trusted. */
  dead?: boolean;
}

let running: Promise<Engine> | undefined;

/** The module's one instance; a new one after a trap, or when it could not be made the last time. */
export function engine(): Promise<Engine> {
  return (running ??= instantiate().then(
    (wasm) => ({ wasm }),
    (cause) => {
      running = undefined;
      throw cause;
    },
  ));
}

/** Lets a use of the module that trapped cost that use only. */
export function guarded<T>(of: Engine, use: (wasm: Client) => T): T {
  try {
    if (of.dead) throw new Error("trapped");
    return use(of.wasm);
  } catch (trap) {
    if (!of.dead) running = undefined;
    of.dead = true;
    throw trap;
  }
}

/** Runs a job: what the wasm side waits for is awaited here, and told to it. Never rejects. */
export async function drive(job: Job): Promise<Outcome> {
  try {
    const of = await engine();
    const task = guarded(of, (wasm) => wasm.begin(job.kind, job, job.attempts, job.delay, job.maxDelay, job.exponential));
    let value: unknown;
    let failed = false;
    for (;;) {
      const next = guarded(of, (wasm) => wasm.step(task, failed, value));
      if (!(next instanceof Promise)) return next;
      try {
        value = await next;
        failed = false;
      } catch (thrown) {
        value = thrown;
        failed = true;
      }
    }
  } catch (cause) {
    return { data: null, error: job.fault(RUNTIME_ERROR, cause) };
  }
}
