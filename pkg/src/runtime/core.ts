/**
 * core.wasm: verify, open, mint and decode.
 * The entry provides the module (`core-inline`, `core-workerd`, `core-edge-light` or `slim`).
 */
import { __wbg_reset_state, decode, initSync, Verifier } from "./generated/core.js";
import { Instances } from "./instances.js";

const glue = { __wbg_reset_state, decode, initSync, Verifier };
export type CoreModule = typeof glue;

export const coreWasm = new Instances(glue);
