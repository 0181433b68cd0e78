/** `better-session/sveltekit`: the gate as the `handle` hook of a SvelteKit app. */
export { sessionHandle } from "./frameworks/sveltekit.js";
export type { Visitor } from "./gate/types.js";
