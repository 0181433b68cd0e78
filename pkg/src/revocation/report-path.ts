/** What the plugin and the gate's endpoint agree on. */

/** Below `basePath`. */
export const REPORT_PATH = "/better-session/marks";

/** Bytes of one report at most: about 2,400 marks. */
export const MAX_REPORT = 64 * 1024;

export const TIME_HEADER = "x-better-session-time";
export const NONCE_HEADER = "x-better-session-nonce";
export const SIGNATURE_HEADER = "x-better-session-signature";
