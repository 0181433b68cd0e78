// Loads the verifier's WebAssembly on first use and compiles it while it downloads.

import { createVerifier, decode, useCore } from "/libraries/better-session.js";

let ready;

/** Resolves to `{ createVerifier, decode }`. After a failure the next call tries again. */
export function core() {
  return (ready ??= load().catch((error) => {
    ready = undefined;
    throw error;
  }));
}

async function load() {
  useCore(await WebAssembly.compileStreaming(fetch("/better-session/core.wasm")));
  return { createVerifier, decode };
}
