/** The events that the gate reports to `onEvent`. */

/**
 * The cause for which the gate could not learn who a visitor is, or refused the request. `explainReason` of
 * `better-session/explain` puts it into sentences.
 */
export type GateCause =
  | "origin_timeout"
  | "origin_no_response"
  | "origin_unreadable"
  | "origin_not_found"
  | "origin_rate_limited"
  | "origin_error"
  | "origin_redirect"
  | "origin_unexpected_status"
  | "origin_not_json"
  | "origin_unexpected_shape"
  | "origin_session_expired"
  | "origin_other_session"
  | "request_too_large"
  | "overtaken"
  | "feed_unavailable"
  | "caller_unknown"
  | "predicate";

/** One decision of the gate. It contains no token, cookie, address or path. */
export interface GateEvent {
  /**
   * `answer`: `get-session` was answered here. `forward`: a call of the auth API went to the origin. `next`: the request was
   * let through. `deny`: it was refused or redirected. `authenticate`: `gate.authenticate` was called.
   */
  kind: "answer" | "forward" | "next" | "deny" | "authenticate";
  method: string;
  /** The pattern of `routes` that decided, `{basePath}/**` for the auth API, or null: the default. */
  route: string | null;
  /** The status of the response. Null for `authenticate`, and if `next` threw. */
  status: number | null;
  source: "cookie" | "origin" | "grace" | null;
  /** The reason of the verdict; null for an authenticated session. */
  reason: string | null;
  cause: GateCause | null;
  /** From the request until the response; in Workers time passes only during I/O. */
  milliseconds: number;
  /** The part of it that lookups at the origin took; 0 if there was none. */
  lookupMilliseconds: number;
  /** A keyed hash of the session token, the same in every gate with this secret; null without one. */
  tokenHash: string | null;
}
