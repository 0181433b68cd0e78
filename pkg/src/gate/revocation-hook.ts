/** The interface between the gate and its revocation. */
import type { Verdict } from "../types.js";
import type { Context, Invalidation } from "./types.js";

/** Revocation, as one gate uses it. */
export interface RevocationHook {
  /**
   * Returns whether the index is fresh enough to decide from; called before every decision. It may wait for the feed.
   * False if the index is too old and the feed cannot be reached, so that the gate asks the origin.
   */
  ready(ctx: Context, now: number): boolean | Promise<boolean>;
  /** Observes a call of the auth API. */
  observe(call: AuthApiCall, ctx: Context): Promise<ObservedCall>;
  /** Records the device's accounts that the response to a lookup of the gate's own deletes. */
  observeLookup(cookie: string, setCookies: string[], ctx: Context): Promise<void>;
  /** Reads the feed now, however fresh the index is. Returns false if it cannot be read. */
  refresh(ctx: Context): Promise<boolean>;
  /** Reads the feed if that is due, and returns whether the index is fresh enough to decide from. */
  current(ctx: Context): Promise<boolean>;
  /** Returns for how long a revocation is known, in milliseconds. */
  lifetime(): number;
  /** Returns how many revocations have arrived, to tell later whether one overtook a lookup. */
  arrived(): number;
  /** Returns the response to a report of the server's plugin, or null for any other request. */
  report(request: Request): Promise<Response> | null;
  invalidate(what: Invalidation): Promise<void>;
}

export interface AuthApiCall {
  request: Request;
  /** Below `basePath`. */
  path: string;
  /** The call carries a credential header: the origin says whose call it is, never a cookie. */
  hasCredential: boolean;
  /** The credential is not a session token, but an API key for example: some endpoints use it, others the cookies. */
  hasOpaqueCredential: boolean;
  cookie: string;
  /** Returns the verdict on its cookies. */
  verdict(): Verdict;
}

export interface ObservedCall {
  /**
   * The request to forward: its body is readable again, and it continues when the visitor disconnects. Null if the call must
   * not be forwarded (503).
   */
  request: Request | null;
  /** Records the result; null if no response arrived. Awaited before the visitor gets the response. */
  settle(response: Response | null): Promise<void> | void;
}
