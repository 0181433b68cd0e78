/** `better-session/client`: the browser's client. Turns property names into calls, and options into its members. */
import type { WritableAtom } from "nanostores";
import { resolveBaseURL, withoutSlash } from "./base-url.js";
import { run } from "./engine.js";
import { Job, PATH, REVOKE, type CallOptions, type ClientState } from "./job.js";
import type { ClientOptions } from "./options.js";
import { fetchTarget, joinNames } from "./path.js";
import type { PluginClient, PluginOptions } from "./plugin-types.js";
import { installPlugins, toggle, type Atoms, type Members } from "./plugins.js";
import { createStore } from "./store.js";
import type { AuthClient, Fields } from "./types.js";

export type * from "./options.js";
export type * from "./types.js";
export type * from "./plugin-types.js";
export type { SessionState, SessionStore } from "./store.js";

/**
 * Creates the browser's client of a Better Auth server. It works at once: the store is pending and calls wait until the module is ready.
 * Throws `BetterSessionError` for an invalid URL and for a plugin whose members are not supported.
 */
export function createAuthClient<O extends PluginOptions>(options: O): PluginClient<O>;
export function createAuthClient<F extends Fields = {}>(options?: ClientOptions): AuthClient<F>;
export function createAuthClient(options: ClientOptions = {}): unknown {
  return createClient(options);
}

/**
 * Creates a client whose members `use…` are what `toHook` returns for each atom.
 * @internal
 */
export function createClient(
  options: ClientOptions,
  toHook: (atom: WritableAtom) => unknown = (atom) => atom,
  useEnvironment?: boolean,
): unknown {
  const shared = options.fetchOptions;
  const client: ClientState = {
    options,
    base: resolveBaseURL(options.baseURL, options.basePath, useEnvironment),
    methods: {},
    fetchPlugins: [],
  };
  if (shared?.baseURL) client.base = withoutSlash(shared.baseURL);
  const { session, $sessionSignal, changed, hydrate } = createStore(client);

  const call = async (text: string, body: unknown, own: CallOptions, kind?: number) => {
    const job = new Job(client, text, body, own, kind);
    await run(job);
    const { data, error } = job;
    if (!(own.throw ?? shared?.throw)) return { data, error };
    if (error) throw Object.assign(new Error(error.message || error.statusText), error, { error });
    return data;
  };
  const $fetch = (path: string, { body, ...own }: CallOptions = {}) =>
    call(fetchTarget(withoutSlash(own.baseURL ?? client.base), path), body, own, PATH);

  const atoms: Atoms = { session, $sessionSignal };
  const $store = {
    atoms,
    notify: (signal = "$sessionSignal") => toggle(atoms[signal]),
    listen: (signal: string, listener: (value: unknown) => void) => atoms[signal]!.subscribe(listener),
  };
  const freshUntil = (freshAge = options.sessionOptions?.freshAge ?? 86400) => {
    const created = session.value.data?.session?.createdAt;
    return created ? new Date(freshAge ? +new Date(created) + freshAge * 1000 : 864e13) : null;
  };
  const actions = installPlugins(client, atoms, changed, $fetch, $store);
  const members: Members = {
    ...actions,
    ...Object.fromEntries(Object.entries(atoms).map(([name, atom]) => [`use${name[0]!.toUpperCase()}${name.slice(1)}`, toHook(atom)])),
    hydrateSession: hydrate,
    isFresh: (freshAge?: number) => Date.now() < +freshUntil(freshAge)!,
    $fetch,
    $store,
  };

  const proxy = (names: string[]): unknown =>
    new Proxy(() => {}, {
      get(_, name) {
        // A thenable would be called by whoever awaits the client.
        if (typeof name !== "string" || /^(then|catch|finally)$/.test(name)) return;
        if (!names.length && name === "freshUntil") return freshUntil();
        const path = [...names, name];
        const own = path.reduce<unknown>((at, step) => (at && Object.hasOwn(at, step) ? (at as Members)[step] : undefined), members);
        return typeof own === "function" || (own as Partial<WritableAtom> | undefined)?.listen ? own : proxy(path);
      },
      apply(_, __, [argument, outer]) {
        const { query, fetchOptions, ...body } = argument ?? {};
        const own = { ...outer, ...fetchOptions };
        if (query) own.query = query;
        const text = joinNames(names);
        const revoke = /^(session\/)?revokeSession$/.test(text) && (own.verify || body.id !== undefined);
        return call(text, body, own, revoke ? REVOKE : undefined);
      },
    });
  return proxy([]);
}
