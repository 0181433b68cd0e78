/** Log lines for a gate without `onEvent`, so that a misunderstanding between gate and origin has a trace. */
import type { GateCause } from "./types.js";

/** Milliseconds until the same cause is logged again. */
const INTERVAL = 60_000;

export class CauseLog {
  readonly #last = new Map<GateCause, number>();

  /** Logs why a response of the origin is unusable, each cause at most once a minute. `status` 0: there was no response. */
  write(cause: GateCause, status: number): void {
    const now = Date.now();
    if (Math.abs(now - (this.#last.get(cause) ?? -Infinity)) < INTERVAL) return;
    this.#last.set(cause, now);
    const response = status ? ` The origin responded with status ${status}.` : "";
    console.warn(`better-session: a session could not be looked up: ${cause}.${response} Causes are listed in docs/events.md.`);
  }
}
