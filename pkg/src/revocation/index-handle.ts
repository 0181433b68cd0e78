/** Calls of the revocation index in gate.wasm, with a safe result after a trap. */
import type { GateObjects } from "../gate/decider.js";
import type { GateModule } from "../runtime/gate.js";
import type { Handle } from "../runtime/handle.js";

type Index = NonNullable<GateObjects["index"]>;

/** The revocation index inside the gate's WebAssembly instance, where the gate consults it. */
export class IndexHandle {
  readonly #handle: Handle<GateModule, GateObjects>;

  constructor(handle: Handle<GateModule, GateObjects>) {
    this.#handle = handle;
  }

  /** Calls the index. After a trap the index is new and empty, and must be read before it counts: `failed` must not let a request through. */
  call<R>(use: (index: Index) => R, failed: R): R {
    return this.#handle.call(({ index }) => (index ? use(index) : failed), failed);
  }
}
