/** Revocation feeds. */
import { BetterSessionError } from "../../error.js";
import type { CoreHandle } from "../../wasm/handle.js";
import type { GateObjects } from "../core.js";
import type { Revocation } from "../seam.js";

/** Where marks come from and go to. */
export interface RevocationOptions {
  feed: object;
  pollInterval?: number;
  maxStaleness?: number;
  clockSkew?: number;
}

export function createRevocation(_options: RevocationOptions, _handle: CoreHandle<GateObjects>): Revocation {
  throw new BetterSessionError("unsupported", "revocation is not built yet");
}
