/**
 * gate.wasm: the gate's decisions, identities and revocation marks.
 * Where the module comes from is said by the entry (`gate-inline`, `gate-workerd` or `gate-edge-light`).
 */
import { __wbg_reset_state, Gate as GateObject, IdentityOpener, initSync, Marks } from "./generated/gate.js";
import { Instances } from "./instances.js";

const glue = { __wbg_reset_state, Gate: GateObject, IdentityOpener, initSync, Marks };
export type Gate = typeof glue;

export const gateWasm = new Instances(glue);
