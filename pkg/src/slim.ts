/** `better-session` without the module inside: for those who stream or share `better-session/core.wasm`. */
export * from "./index.js";
export { useCore } from "./runtime/use-core.js";
