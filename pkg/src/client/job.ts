/** One call of the page: carries out the actions that client.wasm decides, runs the hooks, sends the request and reads the response. The codes and messages of failures that no server described. */
import { redirectPlugin } from "./redirect.js";
import type { AuthError, ClientOptions, FaultCode, FetchOptions, FetchPlugin, Hooks, RequestContext, RetryOptions } from "./options.js";
import { parseJSON } from "./parse.js";
import { buildRequest, initialize, mergeHeaders } from "./request.js";

/** Codes and messages, in the order of `client::response::Fault`; the last is this side's own. */
const FAULTS: [FaultCode, string][] = [
  ["NETWORK_ERROR", "There is no response"],
  ["TIMEOUT", "The request timed out"],
  ["ABORTED", "The request was aborted"],
  ["INVALID_RESPONSE", "The response is not what this call returns"],
  ["SESSION_NOT_FOUND", "There is no such session"],
  ["SESSION_STILL_ACTIVE", "The session is still active"],
  ["INVALID_PATH", "The path is not below baseURL"],
  ["RUNTIME_ERROR", "The client's module failed"],
];
/** The cause of a timeout says that the request was aborted. */
const TIMEOUT = 1;
export const RUNTIME_ERROR = 7;
/** The kinds of `bindings/client/src/call.rs`; one more is a request with a body, or a revocation that is verified. */
export const CALL = 0,
  LOOK_UP_SESSION = 2,
  REVOKE = 3,
  PATH = 5;

export interface CallOptions extends FetchOptions {
  /** `revokeSession` only: read the list before and after. */
  verify?: boolean;
}

/** The client that calls belong to. */
export interface ClientState {
  options: ClientOptions;
  base: string;
  /** Methods by path, of the client's plugins. */
  methods: Record<string, string>;
  fetchPlugins: FetchPlugin[];
  /** Runs after a success and after the call's own hook. */
  succeeded?: (job: Job) => void;
}

/** One call of the page: the module decides on the next action, this carries it out. */
export class Job {
  readonly kind: number;
  readonly #retry: RetryOptions;
  readonly #plugins: FetchPlugin[];
  readonly #hooks: (Hooks | undefined)[];
  /** Milliseconds that the module asks to wait. */
  #wait = 0;
  /** Seconds that the server asks to wait, or NaN. */
  #retryAfter = NaN;
  /** Ends the abort signal of the request and returns who aborted it, in bits: this, the caller, the caller's timeout. */
  #release = () => 0;
  /** The session that is revoked. */
  #revoked?: { token: string };
  #content: string | Blob = "";
  path: string;
  post = false;
  request?: RequestContext;
  response!: Response;
  data: unknown = null;
  error: AuthError | null = null;
  cause: unknown;

  constructor(
    readonly client: ClientState,
    /** The text that the module reads: property names joined by `/`, or a path; later the content type of the response. */
    public text: string,
    /** The argument of the call; `fetchOptions.body` adds to it and does not make the call a POST. */
    readonly body: unknown,
    readonly own: CallOptions,
    kind = CALL,
  ) {
    const shared = client.options.fetchOptions;
    const { retry } = { ...shared, ...own };
    this.#retry = retry && typeof retry === "object" ? retry : { attempts: retry ?? 0 };
    const hasBody = kind === PATH ? body != null : body && Object.keys(body).length;
    this.kind = kind + +!!(kind === REVOKE ? own.verify : kind !== LOOK_UP_SESSION && hasBody);
    this.path = text;
    this.#plugins = [
      ...(shared?.plugins ?? []),
      ...(client.options.disableDefaultFetchPlugins ? [] : [redirectPlugin]),
      ...client.fetchPlugins,
      ...(own.plugins ?? []),
    ];
    this.#hooks = [own, { onSuccess: () => client.succeeded?.(this) }, shared, ...this.#plugins.map(({ hooks }) => hooks)];
  }

  unit(index: number): number {
    return this.text.charCodeAt(index);
  }

  target(post: boolean): void {
    this.post = post;
    if (this.kind < PATH) this.path = "";
  }

  push(unit: number): void {
    this.path += String.fromCharCode(unit);
  }

  number(index: number): number {
    const { attempts, delay, baseDelay, maxDelay, type } = this.#retry;
    return [attempts, delay ?? baseDelay ?? 1000, maxDelay ?? 30000, +(type === "exponential"), this.#retryAfter][index]!;
  }

  delay(milliseconds: number): void {
    this.#wait = milliseconds;
  }

  /** Carries an action out. Resolves to what the module has to know of it: `Running::report_of`. */
  act(action: number): unknown {
    switch (action) {
      case 1:
        return this.#prepare();
      case 2:
        return this.#send();
      case 3:
        return this.#respond();
      case 4:
      case 5:
        return this.#read(action > 4);
      case 6:
        return this.#sleep();
      case 7:
        return this.#succeed();
      default:
        return this.fail(action - 10);
    }
  }

  /** Ends what the request holds. */
  release(): number {
    const release = this.#release;
    this.#release = () => 0;
    return release();
  }

  async #run(name: keyof Hooks, context: object, take?: (result: object) => void): Promise<void> {
    for (const hooks of this.#hooks) {
      const result: unknown = await (hooks?.[name] as ((context: object) => unknown) | undefined)?.(context);
      if (result && typeof result === "object") take?.(result);
    }
  }

  /** The request is made anew for every attempt, so that what a hook changes is not changed twice. */
  async #prepare(): Promise<number> {
    const { client, own, path, post } = this;
    const shared = client.options.fetchOptions;
    const merged = { ...credentials(), customFetchImpl: fetch, baseURL: client.base, ...shared, ...own };
    const method = (client.methods[path] ?? merged.method ?? (post ? "POST" : "GET")).toUpperCase();
    const sent = /^(POST|PUT|PATCH|DELETE)$/.test(method);
    const { url, options } = await initialize(
      path,
      { ...merged, method, headers: mergeHeaders(shared?.headers, own.headers), body: sent ? this.#body(post) : undefined },
      this.#plugins,
    );
    try {
      this.request = await buildRequest(url, options);
    } catch (thrown) {
      this.cause = thrown;
      return 1;
    }
    const { request } = this;
    await this.#run("onRequest", request, (changed) => Object.assign(request, changed));
    return method === "GET" || this.#retry.anyMethod ? 2 : 0;
  }

  #body(post: boolean): unknown {
    const { kind, body, own } = this;
    if (kind === LOOK_UP_SESSION) return {};
    if (kind >= REVOKE && kind < PATH) return post ? this.#revoked : undefined;
    return kind < PATH ? { ...(body as object), ...(own.body as object) } : body;
  }

  async #send(): Promise<void> {
    const request = this.request!;
    const { signal: caller, timeout } = request;
    const controller = new AbortController();
    const stop = () => controller.abort(caller!.reason);
    const timer = timeout > 0 && timeout < 2 ** 31 ? setTimeout(() => controller.abort(), timeout) : undefined;
    caller?.addEventListener("abort", stop);
    if (caller?.aborted) stop();
    this.#release = () => {
      clearTimeout(timer);
      caller?.removeEventListener("abort", stop);
      return +controller.signal.aborted | (+!!caller?.aborted << 1) | (+(caller?.reason?.name === "TimeoutError") << 2);
    };
    request.signal = controller.signal;
    const response: Response = await (0, request.customFetchImpl)(request.url, request);
    // Anything but a Response fails here.
    response.headers.get("date");
    this.response = response;
  }

  /** A response, as hooks get it. */
  get #seen(): { request: RequestContext; response: Response } {
    const { request, response } = this;
    return {
      request: request!,
      response: request!.hookOptions?.cloneResponse && response?.bodyUsed === false ? response.clone() : response,
    };
  }

  async #respond(): Promise<void> {
    await this.#run("onResponse", this.#seen, (result) => {
      this.response = result instanceof Response ? result : ((result as { response?: Response }).response ?? this.response);
    });
    const { headers } = this.response;
    this.text = headers.get("content-type") ?? "";
    this.#retryAfter = parseInt(headers.get("retry-after") ?? headers.get("x-retry-after") ?? "");
  }

  async #read(blob: boolean): Promise<number> {
    const { response, kind, request } = this;
    const content = (this.#content = blob ? await response.blob() : await response.text());
    this.release();
    if (!response.ok) return 0;
    const data = typeof content === "string" ? await (request!.jsonParser ?? parseJSON)(content) : content;
    if (data !== undefined || kind !== LOOK_UP_SESSION) this.data = !content ? null : (data ?? (data === null ? null : content));
    let bits = +!content | (+(data !== undefined) << 1) | (+!!data?.needsRefresh << 2);
    if (Array.isArray(data)) {
      const { token, id }: { token?: unknown; id?: unknown } = this.#revoked ?? this.body ?? {};
      const found = data.find((session) => (token === undefined ? session?.id === id : session?.token === token));
      if (found && kind >= REVOKE) this.#revoked ??= { token: found.token };
      bits |= 8 | (+!!found << 4);
    }
    return bits;
  }

  /** Waits for as long as the module asks, or until the caller gives up. */
  async #sleep(): Promise<void> {
    await this.#run("onRetry", this.#seen);
    const signal = { ...this.client.options.fetchOptions, ...this.own }.signal;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, this.#wait);
      signal?.addEventListener("abort", done);
    });
  }

  #succeed(): Promise<void> {
    if (this.kind === REVOKE + 1) this.data = { status: true };
    return this.#run("onSuccess", { ...this.#seen, data: this.data });
  }

  /** Fails with the code of `FAULTS`, or with what the server says if there is none. */
  fail(code: number): Promise<void> {
    const { response, cause } = this;
    const responseText = this.#content;
    this.data = null;
    const fault = FAULTS[code];
    this.error = fault
      ? {
          status: 0,
          statusText: "",
          code: fault[0],
          message: String((code !== TIMEOUT && ((cause as Error | undefined)?.message ?? cause)) || fault[1]),
        }
      : { ...(parseJSON(responseText as string) as object), status: response.status, statusText: response.statusText };
    this.request ??= { url: this.client.base, method: "GET", headers: new Headers() };
    // A plugin's store waits for the last attempt, which this is.
    this.request.retryAttempt = this.#retry.attempts;
    return this.#run("onError", { ...this.#seen, responseText, error: this.error });
  }
}

/**
 * Cookies are sent to another origin too. workerd had no `credentials` until September 2024, and throws if it is given. React Native's
 * requests have the property, and their prototype does not.
 */
const credentials = () => ("credentials" in new Request("http://a") ? { credentials: "include" as const } : {});
