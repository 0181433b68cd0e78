/** Continues work after the response has been sent. */
import type { Context } from "../gate/types.js";

/** Continues work after the response has been sent. A long-lived process has no such context and needs none. */
export function inBackground(ctx: Context | undefined, work: Promise<unknown>): void {
  if (typeof ctx?.waitUntil === "function") ctx.waitUntil(work);
}
