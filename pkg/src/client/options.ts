/** The types of the client's options, hooks, errors and plugins. */
/* eslint-disable @typescript-eslint/no-explicit-any -- plugins of other packages must be assignable */
import type { HeadersInput } from "../platform.js";

type Part = string | undefined | (() => string | undefined | Promise<string | undefined>);

/** Options of the whole client or of one call. */
export interface FetchOptions extends Omit<RequestInit, "body" | "headers">, Hooks {
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
  /** Replaces the client's base URL, base path included. */
  baseURL?: string;
  /** In place of JSON.parse with dates. */
  jsonParser?: (text: string) => unknown;
  /** `cloneResponse`: hooks get a copy of the response. */
  hookOptions?: { cloneResponse?: boolean };
  /** Plugins of Better Fetch: `init` and `hooks`. */
  plugins?: FetchPlugin[];
  /** The session store and the stores of plugins do not refetch after this call. */
  disableSignal?: boolean;
}

/** Functions around a request. What they throw rejects the call. They run in this order: those of the call, of the client, of plugins. */
export interface Hooks {
  /** Before a request; an object that it returns is merged into the request. */
  onRequest?: (request: RequestContext) => unknown;
  /** For a response; a Response that it returns replaces it. */
  onResponse?: (context: { request: RequestContext; response: Response }) => unknown;
  /** The call succeeded. */
  onSuccess?: (context: { request: RequestContext; response: Response; data: any }) => unknown;
  /** The call failed, after its last attempt. */
  onError?: (context: { request: RequestContext; response: Response; responseText?: string; error: AuthError }) => unknown;
  /** Before the wait for a further attempt. */
  onRetry?: (context: { request: RequestContext; response: Response }) => unknown;
}

/** The members of Better Fetch's plugins that are used. */
export interface FetchPlugin {
  id: string;
  name?: string;
  /** Returns the path or URL and the options of a request. */
  init?: (url: string, options?: any) => Promise<{ url: string | URL; options?: any }> | { url: string | URL; options?: any };
  hooks?: { [hook in keyof Hooks]?: ((context: any) => any) | undefined } | undefined;
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
  /** Do not follow `{ redirect: true, url }`, which social sign-in answers. Default false. */
  disableDefaultFetchPlugins?: boolean;
  /** Better Auth's client plugins. */
  plugins?: ClientPlugin[];
}

/** The members of Better Auth's client plugins that are used. */
export interface ClientPlugin {
  id: string;
  getAtoms?: (($fetch: any) => Record<string, any>) | undefined;
  getActions?: (($fetch: any, $store: any, options: any) => Record<string, any>) | undefined;
  pathMethods?: Record<string, string> | undefined;
  fetchPlugins?: FetchPlugin[] | undefined;
  /** A successful call of a path that `matcher` accepts toggles the atom `signal`. */
  atomListeners?: { matcher: (path: string) => boolean; signal: any; callback?: ((path: string) => void) | undefined }[] | undefined;
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
