/** `better-session/explain`: explains a verdict in sentences, for developers who set a server up. */
export {
  explain,
  explainAsync,
  explainReason,
  type ExplainOptions,
  type ExplainedCache,
  type ExplainedCookie,
  type Explanation,
} from "./verifier/explain.js";
