/** The glue of client.wasm. Named one by one, so that bundlers drop what loads a module from a URL. */
import { __wbg_reset_state, happened, initSync, scheduler, step } from "./generated/client.js";

export const glue = { __wbg_reset_state, happened, initSync, scheduler, step };
