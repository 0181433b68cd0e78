/** The parts of one gate that its calls use. */
import type { Connections } from "./connections.js";
import type { Decider } from "./decider.js";
import type { Origin } from "./origin.js";
import type { Responder } from "./responder.js";
import type { RevocationHook } from "./revocation-hook.js";
import type { SessionLookups } from "./session-lookups.js";
import type { GateOptions } from "./types.js";

export interface GateParts {
  options: GateOptions;
  decider: Decider;
  origin: Origin;
  revocation: RevocationHook | undefined;
  lookups: SessionLookups;
  connections: Connections;
  responder: Responder;
}
