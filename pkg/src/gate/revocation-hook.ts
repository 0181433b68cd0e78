/** Where revocation meets the gate. */
import type { Verdict } from "../types.js";
import type { Context, Invalidation } from "./types.js";

/** What revocation does for one gate. */
export interface Revocation {
  /**
   * Before a decision: whether the index is fresh enough to answer from. May await the feed; false means that it
   * is too old and the feed cannot be reached, so that the origin is asked.
   */
  ready(ctx: Context, now: number): boolean | Promise<boolean>;
  /** A call of the auth API passes. `path` is below `basePath`. */
  watch(call: PassingCall, ctx: Context): Promise<Watched>;
  /** The answer to a lookup of the gate's own: records the accounts of the device that it deletes. */
  observe(cookie: string, setCookies: string[], ctx: Context): Promise<void>;
  /** Reads the feed now, however fresh the index is. False: it cannot be read. */
  refresh(ctx: Context): Promise<boolean>;
  /** How many revocations have arrived so far, to tell later whether one overtook a lookup. */
  arrived(): number;
  /** The answer to a report of the server's plugin; null for every other request. */
  report(request: Request): Promise<Response> | null;
  invalidate(what: Invalidation): Promise<void>;
}

export interface PassingCall {
  request: Request;
  path: string;
  /** It carries a credential header: the origin says whose call it is, never a cookie. */
  credential: boolean;
  /** The credential is not a session token, an API key say: some endpoints act on it, others on the cookies beside it. */
  opaque: boolean;
  cookie: string;
  /** What its cookies prove. */
  verdict(): Verdict;
}

export interface Watched {
  /** The request to send on, its body readable again; it goes on when the visitor hangs up. Null: not to be sent, 503. */
  request: Request | null;
  /** What came of it; null when the answer was lost. Awaited before the visitor is answered. */
  settle(response: Response | null): Promise<void> | void;
}
