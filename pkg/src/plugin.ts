/** `better-session/plugin`: a Better Auth server that tells the gates which sessions it ended or changed. */
export { BetterSessionError } from "./error.js";
export { betterSession, type BetterSessionPluginOptions } from "./plugin/better-session.js";
