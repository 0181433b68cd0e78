/**
 * gate.wasm: the gate's decisions, identities and the revocation index.
 * The entry provides the module (`gate-inline`, `gate-workerd` or `gate-edge-light`).
 */
import { __wbg_reset_state, Gate as GateObject, IdentityOpener, initSync, Marks } from "./generated/gate.js";
import { Instances } from "./instances.js";

const glue = { __wbg_reset_state, Gate: GateObject, IdentityOpener, initSync, Marks };
export type GateModule = typeof glue;

export const gateWasm = new Instances(glue);
