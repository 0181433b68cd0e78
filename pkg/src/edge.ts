/** `better-session/edge`: a gate in front of a Better Auth server, in a Worker or any other runtime with fetch. */
export { BetterSessionError } from "./error.js";
export { createSessionGate } from "./gate/create.js";
export { honoGate } from "./frameworks/hono.js";
export { nodeListener, type NodeListenerOptions } from "./frameworks/node.js";
export { openIdentity, type Identity, type OpenIdentityOptions } from "./gate/open-identity.js";
export * from "./revocation/index.js";
export type * from "./types.js";
export type * from "./gate/types.js";
export type { ObservedCall as Watched, RevocationHook as Revocation } from "./gate/revocation-hook.js";
