/** The client's program as JavaScript: the same Rust, lowered. It needs no WebAssembly. */
import { __wbg_reset_state, happened, initSync, scheduler, step } from "./generated/client-javascript.js";
import type { ClientGlue } from "./client.js";

/** Starts the program. The glue ignores the module. */
export function startJavaScript(): ClientGlue {
  initSync({ module: {} as WebAssembly.Module });
  return { __wbg_reset_state, happened, scheduler, step };
}
