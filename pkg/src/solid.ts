/** `better-session/solid`: the client for Solid components. */
export * from "./frameworks/solid.js";
