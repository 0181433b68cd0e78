/**
 * core.wasm: verify, open, mint and decode.
 * Where the module comes from is said by the entry (`core-inline`, `core-workerd`, `core-edge-light` or `slim`).
 */
import { __wbg_reset_state, decode, initSync, Verifier } from "./generated/core.js";
import { Instances } from "./instances.js";

const glue = { __wbg_reset_state, decode, initSync, Verifier };
export type Core = typeof glue;

export const coreWasm = new Instances(glue);
