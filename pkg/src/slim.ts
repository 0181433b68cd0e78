/** `better-session` without the embedded module, for applications that stream or share `better-session/core.wasm`. */
export * from "./index.js";
export { useCore } from "./runtime/use-core.js";
