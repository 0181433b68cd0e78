// The verifier's WebAssembly, compiled while it downloads. A panel asks for it when it has a cookie to read.

import { createVerifier, decode, useCore } from "/libraries/better-session.js";

let ready;

/** Resolves to `{ createVerifier, decode }`; after a failure the next call tries again. */
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
