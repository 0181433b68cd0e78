/** `better-session`: verify, open, decode and mint Better Auth's session cookies. */
export { BetterSessionError } from "./error.js";
export { createVerifier } from "./verifier/verifier.js";
export { decode } from "./verifier/decode.js";
export type * from "./types.js";
