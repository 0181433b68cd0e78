/** `better-session/react`: the client for React components. */
export * from "./frameworks/react.js";
