import { drive } from "./engine.js";
import { Job, REVOKE, type CallOptions } from "./job.js";
import type { ClientOptions } from "./options.js";
import { fetchTarget, joinNames } from "./path.js";
import { createStore, type SessionState, type SessionStore } from "./store.js";
import type { AuthClient, Fields } from "./types.js";

export type * from "./options.js";
export type * from "./types.js";
export type { SessionState, SessionStore } from "./store.js";

/** Members of the client that are no endpoints, by name. */
type Routes = Record<string, unknown>;

/** The parts of Better Auth's client plugins that are taken. */
interface Plugin {
  pathMethods?: Record<string, string>;
  getActions?: ($fetch: unknown, $store: unknown, options: ClientOptions) => Routes;
}

/**
 * The browser's client of a Better Auth server. Works at once: the store is pending and calls wait until
 * the module is ready. Throws only for a `baseURL` that is none.
 */
export function createAuthClient<F extends Fields = {}>(options: ClientOptions = {}): AuthClient<F> {
  const client: Job["client"] = { ...options, base: baseOf(options), methods: {} };
  const { store, changed, hydrate } = createStore(client);

  const call = async (chain: string, body: unknown, callOptions: CallOptions, kind?: number, verbatim?: boolean) => {
    const { data, error, changed: what } = await drive(new Job(client, chain, body, callOptions, kind, verbatim));
    if (what && !callOptions.disableSignal) changed(what);
    if (!(callOptions.throw ?? client.fetchOptions?.throw)) return { data, error };
    if (error) throw Object.assign(new Error(error.message ?? error.statusText), error, { error });
    return data;
  };

  const freshUntil = (freshAge = client.sessionOptions?.freshAge ?? 86400) => {
    const created = store.get().data?.session.createdAt;
    return created ? new Date(freshAge ? +new Date(created) + freshAge * 1000 : 864e13) : null;
  };

  const $fetch = (path: string, { body, ...rest }: CallOptions = {}) => call(fetchTarget(client.base, path), body, rest, undefined, true);
  const $store = {
    notify: () => changed(),
    listen: (_: string, listener: (state: SessionState) => void) => store.listen(listener),
    atoms: { session: store },
  };
  const routes: Routes = {
    useSession: store,
    hydrateSession: hydrate,
    isFresh: (freshAge?: number) => Date.now() < +freshUntil(freshAge)!,
    $fetch,
    $store,
  };
  for (const plugin of (client.plugins ?? []) as Plugin[]) {
    Object.assign(client.methods, plugin.pathMethods);
    merge(routes, plugin.getActions?.($fetch, $store, options));
  }

  const proxy = (names: string[]): unknown =>
    new Proxy(() => {}, {
      get(_, name) {
        // A thenable would be called by whoever awaits the client.
        if (typeof name !== "string" || /^(then|catch|finally)$/.test(name)) return;
        if (!names.length && name === "freshUntil") return freshUntil();
        const path = [...names, name];
        const own = path.reduce<unknown>((at, step) => (at && Object.hasOwn(at, step) ? (at as Routes)[step] : undefined), routes);
        return typeof own === "function" || (own as Partial<SessionStore> | undefined)?.listen ? own : proxy(path);
      },
      apply(_, __, [argument, outer]) {
        const { query, fetchOptions, ...body } = argument ?? {};
        const all = { ...outer, ...fetchOptions };
        if (query) all.query = query;
        const chain = joinNames(names);
        const revoke = /^(session\/)?revokeSession$/.test(chain) && (all.verify || body.id !== undefined);
        return call(chain, body, all, revoke ? REVOKE : undefined);
      },
    });
  return proxy([]) as AuthClient<F>;
}

/** Merges the members that several plugins add under one name, such as `signIn`. */
function merge(into: Routes, from?: Routes): void {
  for (const [name, value] of Object.entries(from ?? {})) {
    if (typeof value === "object" && typeof into[name] === "object") merge(into[name] as Routes, value as Routes);
    else into[name] = value;
  }
}

function baseOf({ baseURL, basePath = "/api/auth" }: ClientOptions): string {
  const url = (baseURL || globalThis.location?.origin || "").replace(/\/+$/, "");
  const hasPath = url && /[^/]/.test(new URL(url).pathname);
  return hasPath || !/[^/]/.test(basePath) ? url : `${url}/${basePath.replace(/^\/+|\/+$/g, "")}`;
}
