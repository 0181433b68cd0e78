/**
 * inspect.wasm: a Cookie header and the options, taken apart.
 * Where the module comes from is said by the entry (`inspect-inline`, `inspect-workerd` or `inspect-edge-light`).
 */
import { __wbg_reset_state, initSync, inspect, meaning } from "./generated/inspect.js";
import { Instances } from "./instances.js";

const glue = { __wbg_reset_state, initSync, inspect, meaning };

export const inspectWasm = new Instances(glue);
