/** The client's stores as Vue composables, and with Nuxt's `useFetch`. */
import { getCurrentScope, onScopeDispose, readonly, shallowRef, type DeepReadonly, type Ref, type WatchSource } from "vue";
import type { createAuthClient as createTheirs } from "better-auth/vue";
import type { Store, StoreValue } from "nanostores";
import { resolveBaseURL } from "../client/base-url.js";
import { createClient } from "../client/index.js";
import type {
  AuthClient,
  ClientOptions,
  Fields,
  Inferred,
  PluginOptions,
  SessionData,
  SessionState,
  WithAdditions,
} from "../client/index.js";
import { hookOf } from "./hook.js";

export type * from "../client/index.js";

/** Nuxt's `useFetch`. */
type UseFetch = (
  url: string,
  options: { key: string; headers?: Record<string, string>; watch: WatchSource<unknown>[] },
) => Promise<{ data: Ref<unknown>; error: Ref<unknown> }>;

interface UseSession<Data> {
  (): DeepReadonly<Ref<SessionState<Data>>>;
  /** Fetches with Nuxt's `useFetch`, so that a server renders the session; refetches when the session changes. */
  (useFetch: UseFetch): Promise<{ data: Ref<Data | null>; error: Ref<unknown>; isPending: false }>;
}

/** The client of `better-session/client` whose stores are composables as well. */
export type VueAuthClient<F extends Fields = {}> = AuthClient<F> & { useSession: UseSession<SessionData<F>> };

/** Creates the client of `better-session/client` for components: `const session = authClient.useSession()` is a read-only ref. */
export function createAuthClient<O extends PluginOptions>(options: O): WithAdditions<ReturnType<typeof createTheirs<Inferred<O>>>>;
export function createAuthClient<F extends Fields = {}>(options?: ClientOptions): VueAuthClient<F>;
export function createAuthClient(options: ClientOptions = {}): unknown {
  const client = createClient(options, (store) => hookOf(store, use), false) as AuthClient;
  function use(store: Store, useFetch?: UseFetch): unknown {
    if (!useFetch) return useStore(store);
    // Without a base URL it stays relative: Nuxt then forwards the visitor's cookies.
    const base = resolveBaseURL(options.baseURL, options.basePath, false, "");
    const key = `better-session:session:${base}`;
    const headers = options.fetchOptions?.headers as Record<string, string> | undefined;
    const watch = [useStore(client.$store.atoms.$sessionSignal as Store)];
    return useFetch(`${base}/get-session`, { key, headers, watch }).then(({ data, error }) => ({ data, error, isPending: false }));
  }
  return client;
}

/** Returns the value of a store as a read-only ref, for as long as the scope lives. */
export function useStore<S extends Store>(store: S): DeepReadonly<Ref<StoreValue<S>>> {
  const state = shallowRef<StoreValue<S>>();
  const stop = store.subscribe((value) => {
    state.value = value as StoreValue<S>;
  });
  if (getCurrentScope()) onScopeDispose(stop);
  return readonly(state) as DeepReadonly<Ref<StoreValue<S>>>;
}
