/**
 * core.wasm: verify, open, mint and decode.
 * Where the module comes from is said by the entry (`core-inline`, `core-workerd`, `core-edge-light` or `slim`).
 */
import { bindCore, type Core } from "./generated/core.js";
import { Instances } from "./instances.js";

export type { Core };

export const coreWasm = new Instances(bindCore);
