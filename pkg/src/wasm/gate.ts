/**
 * gate.wasm: the gate's decisions, identities and revocation marks.
 * Where the module comes from is said by the entry (`gate-inline`, `gate-workerd` or `gate-edge-light`).
 */
import { bindGate, type Gate } from "./generated/gate.js";
import { Instances } from "./instances.js";

export type { Gate };

export const gateWasm = new Instances(bindGate);
