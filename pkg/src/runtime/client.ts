/** client.wasm, which travels deflated inside the page's JavaScript. */
import { __wbg_reset_state, begin, happened, initSync, scheduler, step } from "./generated/client.js";
import { base64 } from "./generated/client-inline.js";

const client = { begin, happened, scheduler, step };
export type Client = typeof client;

let started = false;

/** Resolves to the bindings of a new instance. The one before it must not be in use any more. */
export async function instantiate(): Promise<Client> {
  if (started) {
    // Not while a call of the old instance may still be on the stack.
    await Promise.resolve();
    __wbg_reset_state();
    return client;
  }
  const deflated = new Blob([Uint8Array.from(atob(base64), (unit) => unit.charCodeAt(0))]);
  const bytes = new Response(deflated.stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer();
  initSync({ module: await WebAssembly.compile(await bytes) });
  started = true;
  return client;
}
