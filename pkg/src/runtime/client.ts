/** client.wasm, which is embedded deflated in the page's JavaScript. */
import { __wbg_reset_state, begin, happened, initSync, scheduler, step } from "./generated/client.js";
import { base64 } from "./generated/client-inline.js";

const client = { begin, happened, scheduler, step };
export type Client = typeof client;

let started = false;

/** Resolves to the bindings of a new instance. The previous one must no longer be in use. */
export async function instantiate(): Promise<Client> {
  if (started) {
    // Only after every call of the old instance has left the stack.
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
