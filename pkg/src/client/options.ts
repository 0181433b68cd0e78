import type { HeadersInput } from "../platform.js";

type Part = string | undefined | (() => string | undefined | Promise<string | undefined>);

/** Options of the whole client or of one call. */
export interface FetchOptions extends Omit<RequestInit, "body" | "headers"> {
  /** Those of the call win over those of the client; `undefined` and `null` are left out. */
  headers?: HeadersInput | Record<string, string | null | undefined>;
  /** `null` and `undefined` are left out, lists are repeated, objects are JSON. */
  query?: Record<string, unknown>;
  /** Makes the `Authorization` header; functions are asked for every request, and nothing is sent for what they do not know. */
  auth?:
    { type: "Bearer"; token: Part } | { type: "Basic"; username: Part; password: Part } | { type: "Custom"; prefix?: string; value: Part };
  /** Members of the body beside those of the first argument. */
  body?: unknown;
  /** Milliseconds until an attempt is given up as `TIMEOUT`. Default: none; 30000 where the session store asks. */
  timeout?: number;
  /** How often a failed GET is tried again: no answer, 408, 425, 429 and 5xx. Default: not at all. */
  retry?: number | RetryOptions;
  /** Resolve to the data alone and reject with the error. Default false. */
  throw?: boolean;
  /** In place of the global `fetch`. */
  customFetchImpl?: (url: string, init?: RequestInit) => Promise<Response>;
  /** Before a request; what it returns is merged into the request. If it throws, nothing is sent: `ABORTED`. */
  onRequest?: (request: RequestContext) => unknown;
  /** An answer came; a Response that it returns takes its place. */
  onResponse?: (context: { request: RequestContext; response: Response }) => unknown;
  /** The call did what it was asked to. What it throws is logged and changes nothing. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whoever calls an endpoint knows what it answers
  onSuccess?: (context: { request: RequestContext; response: Response; data: any }) => unknown;
  /** The call failed for good. What it throws is logged and changes nothing. */
  onError?: (context: { request: RequestContext; response?: Response; error: AuthError }) => unknown;
  /** The session store does not look again after this call. */
  disableSignal?: boolean;
}

export interface RetryOptions {
  /** How many times after the first. */
  attempts: number;
  /** "exponential" doubles the wait each time. Default "linear". */
  type?: "linear" | "exponential";
  /** Milliseconds before the first repetition. Default 1000. */
  delay?: number;
  /** Another name of `delay`, as Better Auth's client has it. */
  baseDelay?: number;
  /** Longest wait in milliseconds; a server that asks for more with `Retry-After` is not asked again. Default 30000. */
  maxDelay?: number;
  /** Repeat other methods than GET as well: only if doing it twice is harmless. Default false. */
  anyMethod?: boolean;
}

export interface RequestContext extends Omit<RequestInit, "headers"> {
  url: string;
  method: string;
  headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- options of whoever called
  [option: string]: any;
}

export interface SessionStoreOptions {
  /** Seconds between looks while somebody is signed in and the page watches. Default 0: none. */
  refetchInterval?: number;
  /** Look again when the page gets the focus, at most every 5 s. Default true. */
  refetchOnWindowFocus?: boolean;
  /** Do not wait for the network to be back. Default false. */
  refetchWhenOffline?: boolean;
  /** Seconds after sign-in for which a session is fresh: the server's `session.freshAge`. Default 86400; 0 is always. */
  freshAge?: number;
}

export interface ClientOptions {
  /** Where the server is. Default: the page's own origin. */
  baseURL?: string;
  /** Default "/api/auth"; not used when `baseURL` has a path. */
  basePath?: string;
  fetchOptions?: FetchOptions;
  sessionOptions?: SessionStoreOptions;
  /** Follow `{ redirect: true, url }` answers, as social sign-in gives them, or not. */
  disableDefaultFetchPlugins?: boolean;
  /** Better Auth's client plugins: their `pathMethods` and `getActions`. */
  plugins?: object[];
}

/** Codes of failures that no server described; `status` is 0. */
export type FaultCode =
  | "NETWORK_ERROR"
  | "TIMEOUT"
  | "ABORTED"
  | "INVALID_RESPONSE"
  | "SESSION_NOT_FOUND"
  | "SESSION_STILL_ACTIVE"
  | "INVALID_PATH"
  | "RUNTIME_ERROR";

export interface AuthError<Code extends string = string> {
  /** The HTTP status; 0 when no server refused: see `FaultCode`. */
  status: number;
  statusText: string;
  code?: FaultCode | Code | (string & {});
  message?: string;
  [member: string]: unknown;
}
