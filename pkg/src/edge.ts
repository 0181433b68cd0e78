/** `better-session/edge`: a gate before a Better Auth server, in a Worker or wherever requests pass. */
export { BetterSessionError } from "./error.js";
export { createSessionGate } from "./gate/create.js";
export { honoGate } from "./frameworks/hono.js";
export { nodeListener, type NodeListenerOptions } from "./frameworks/node.js";
export { openIdentity, type Identity, type OpenIdentityOptions } from "./gate/open-identity.js";
export * from "./revocation/index.js";
export type * from "./types.js";
export type * from "./gate/types.js";
export type { Revocation, Watched } from "./gate/revocation-hook.js";
