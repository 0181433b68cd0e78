/** `better-session/edge`: a gate before a Better Auth server, in a Worker or wherever requests pass. */
export { BetterSessionError } from "../error.js";
export { createSessionGate } from "./create.js";
export { honoGate } from "./hono.js";
export { nodeListener, type NodeListenerOptions } from "./node.js";
export { openIdentity, type Identity, type OpenIdentityOptions } from "./open-identity.js";
export * from "./feeds/index.js";
export type * from "../types.js";
export type * from "./types.js";
export type { Revocation, Watched } from "./seam.js";
