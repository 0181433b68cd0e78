/** `better-session/vue`: the client for Vue components. */
export * from "./frameworks/vue.js";
