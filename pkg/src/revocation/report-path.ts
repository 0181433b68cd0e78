/** Constants shared by the plugin and the gate's report endpoint. */

/** The endpoint's path below `basePath`. */
export const REPORT_PATH = "/better-session/marks";

/** Maximum size of a report in bytes: about 2,400 entries. */
export const MAX_REPORT = 64 * 1024;

export const TIME_HEADER = "x-better-session-time";
export const NONCE_HEADER = "x-better-session-nonce";
export const SIGNATURE_HEADER = "x-better-session-signature";
