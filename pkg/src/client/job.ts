import type { AuthError, ClientOptions, FetchOptions, RequestContext, RetryOptions } from "./options.js";

const HOOKS = ["onRequest", "onResponse", "onSuccess", "onError"] as const;
/** In the order of `client::outcome::Fault`; the last is this side's own. */
const FAULTS = [
  "NETWORK_ERROR",
  "TIMEOUT",
  "ABORTED",
  "INVALID_RESPONSE",
  "SESSION_NOT_FOUND",
  "SESSION_STILL_ACTIVE",
  "INVALID_PATH",
  "RUNTIME_ERROR",
];
export const RUNTIME_ERROR = 7;
/** The kinds of job that WebAssembly runs; one more means a call with a body, or a revocation that is checked afterwards. */
export const CALL = 0,
  LOOK = 2,
  REVOKE = 3;

export interface CallOptions extends FetchOptions {
  /** `revokeSession` only: look at the list before and after. */
  verify?: boolean;
}

/** Hooks by name; each is given the request, or what became of it. */
type Hooks = Partial<Record<(typeof HOOKS)[number], (scene: RequestContext) => unknown>>;

/** One call of the page, as the wasm side sees it: it decides, this shapes JavaScript's bags for it. */
export class Job {
  /** The argument of the call; `fetchOptions.body` adds to it and does not make the call a POST. */
  readonly body: unknown;
  readonly kind: number;
  readonly attempts: number;
  readonly delay: number;
  readonly maxDelay: number;
  readonly exponential: boolean;
  readonly #options: CallOptions;
  #target: [path: string, post: boolean, body: unknown] = ["", false, null];

  constructor(
    readonly client: ClientOptions & { base: string; methods: Record<string, string> },
    readonly chain: string,
    body: unknown,
    readonly own: CallOptions,
    kind = CALL,
    /** `chain` is what `$fetch` was given, checked by `fetchTarget`, and not property names joined by `/`. */
    readonly verbatim = false,
  ) {
    const options: CallOptions = (this.#options = { ...client.fetchOptions, ...own });
    const retry: RetryOptions = options.retry && typeof options.retry === "object" ? options.retry : { attempts: options.retry ?? 0 };
    this.body = own.body ? { ...(body as object), ...own.body } : body;
    const more = kind === CALL ? body && Object.keys(body).length : kind === REVOKE && options.verify;
    this.kind = more ? kind + 1 : kind;
    this.attempts = retry.attempts;
    this.delay = retry.delay ?? retry.baseDelay ?? 1000;
    this.maxDelay = retry.maxDelay ?? 30000;
    this.exponential = retry.type === "exponential";
  }

  /** Sets what the next request is for. What `$fetch` was given is taken as it stands. */
  aim(path: string, post: boolean, body: unknown): void {
    this.#target = [this.verbatim ? this.chain : path, post, body];
  }

  /** Made anew for every attempt, so that what a hook changes is not changed twice. */
  context(): RequestContext {
    try {
      return this.#context();
    } catch (thrown) {
      // A body that is no JSON, a header that is none: it fails this call, not the module that asked.
      return { thrown, repeatable: false } as unknown as RequestContext;
    }
  }

  #context(): RequestContext {
    const options = this.#options;
    const [path, post, body] = this.#target;
    const method = (this.client.methods[path] ?? options.method ?? (post ? "POST" : "GET")).toUpperCase();
    const headers = new Headers();
    for (const source of [this.client.fetchOptions?.headers, this.own.headers]) {
      for (const [name, value] of pairs(source)) {
        if (value != null) headers.set(name!, value);
      }
    }
    const sent = /^(POST|PUT|PATCH|DELETE)$/.test(method) && body != null;
    if (sent && !headers.has("content-type")) headers.set("content-type", "application/json");
    return {
      credentials: "include",
      customFetchImpl: fetch,
      ...options,
      url: (path[0] === "/" ? this.client.base : "") + path + search(options.query, path.includes("?")),
      method,
      headers,
      body: sent ? (typeof body === "string" ? body : JSON.stringify(body)) : undefined,
      repeatable: method === "GET" || (typeof options.retry === "object" && options.retry.anyMethod === true),
    };
  }

  async hook(which: number, scene: RequestContext): Promise<void> {
    if (scene.thrown) throw scene.thrown;
    if (!which && scene.auth) await authorize(scene);
    for (const options of [this.own, this.client.fetchOptions]) {
      try {
        const changed = await (options as Hooks | undefined)?.[HOOKS[which]!]?.(scene);
        if (changed instanceof Response) scene.response = changed;
        else if (which < 2 && typeof changed === "object") Object.assign(scene, changed);
      } catch (thrown) {
        if (!which) throw thrown;
        console.error(thrown);
      }
    }
    if (which === 2 && !this.client.disableDefaultFetchPlugins) redirect(scene.data);
  }

  fault(code: number, cause?: unknown): AuthError {
    return {
      status: 0,
      statusText: "",
      code: FAULTS[code],
      message: String((cause as Error | undefined)?.message ?? cause ?? FAULTS[code]),
    };
  }
}

function pairs(headers?: FetchOptions["headers"]): Iterable<(string | null | undefined)[]> {
  return headers && Symbol.iterator in headers ? (headers as Iterable<string[]>) : Object.entries(headers ?? {});
}

async function authorize({ auth, headers }: RequestContext): Promise<void> {
  const parts = [auth.token, auth.username, auth.password, auth.value].map((part) => (typeof part === "function" ? part() : part));
  const [token, username, password, value] = await Promise.all(parts);
  if (token) headers.set("authorization", `Bearer ${token}`);
  else if (username && password) headers.set("authorization", `Basic ${btoa(`${username}:${password}`)}`);
  else if (value) headers.set("authorization", `${auth.prefix ?? ""} ${value}`);
}

function search(query: Record<string, unknown> = {}, goesOn: boolean): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one != null) parameters.append(name, typeof one === "object" ? JSON.stringify(one) : one);
    }
  }
  const text = `${parameters}`;
  return text && (goesOn ? "&" : "?") + text.replace(/\+/g, "%20");
}

/** Social sign-in answers with where to go; never to a scheme that runs script. */
function redirect(data?: { redirect?: unknown; url?: string } | null): void {
  if (data?.redirect && data.url && typeof window !== "undefined" && window.location) {
    const url = new URL(data.url, location.href);
    if (!/^(javascript|data|vbscript):/.test(url.protocol)) location.href = url.href;
  }
}
