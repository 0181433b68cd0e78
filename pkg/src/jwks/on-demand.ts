/** Loads the code that verifies caches with a key set when the first one needs it. */
import type { MemoryLimits } from "../verifier/memory.js";
import type { FetchKeySet } from "./fetch.js";
import type { KeySetOptions } from "./options.js";
import type { KeySetVerifier } from "./verifier.js";

/** Returns the verifier of a key set, or a promise of it. */
export type KeySetLoader = () => KeySetVerifier | Promise<KeySetVerifier>;

/** Returns a loader. `fetch` requests the key set; by default `fetch` does. With `limits` valid caches are remembered. */
export function onDemand(options: KeySetOptions, fetch?: FetchKeySet, limits?: MemoryLimits): KeySetLoader {
  // Not a promise: on Workers a request must not await another's.
  let loaded: KeySetVerifier | undefined;
  const load = async () => {
    const { KeySetVerifier } = await import("./verifier.js");
    // Another request may have loaded it in the meantime: all must use one store.
    return (loaded ??= new KeySetVerifier(options, fetch, limits));
  };
  return () => loaded ?? load();
}
