/** `better-session/plugin`: reports the sessions that a Better Auth server ended or changed to the gates. */
export { BetterSessionError } from "./error.js";
export { betterSession, type BetterSessionPluginOptions } from "./plugin/better-session.js";
