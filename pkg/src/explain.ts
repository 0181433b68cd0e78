/** `better-session/explain`: a verdict in sentences, for whoever sets a server up. */
export { explain, type ExplainOptions, type ExplainedCache, type Explanation } from "./verifier/explain.js";
