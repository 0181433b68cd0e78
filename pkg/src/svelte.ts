/** `better-session/svelte`: the client for Svelte components. */
export * from "./frameworks/svelte.js";
