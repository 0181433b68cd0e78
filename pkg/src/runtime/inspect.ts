/**
 * inspect.wasm: takes a Cookie header and the options apart.
 * The entry provides the module (`inspect-inline`, `inspect-workerd` or `inspect-edge-light`).
 */
import { __wbg_reset_state, cache, heeds, initSync, inspect, meaning } from "./generated/inspect.js";
import { Instances } from "./instances.js";

const glue = { __wbg_reset_state, cache, heeds, initSync, inspect, meaning };

export const inspectWasm = new Instances(glue);
