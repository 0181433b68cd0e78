/** The client's stores as Solid accessors. */
import { onCleanup, type Accessor } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import type { createAuthClient as createTheirs } from "better-auth/solid";
import type { Store, StoreValue } from "nanostores";
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

/** The client of `better-session/client` whose stores are primitives as well. */
export type SolidAuthClient<F extends Fields = {}> = AuthClient<F> & { useSession: () => Accessor<SessionState<SessionData<F>>> };

/** Creates the client of `better-session/client` for components: `const session = authClient.useSession()`, then `session().data`. */
export function createAuthClient<O extends PluginOptions>(options: O): WithAdditions<ReturnType<typeof createTheirs<Inferred<O>>>>;
export function createAuthClient<F extends Fields = {}>(options?: ClientOptions): SolidAuthClient<F>;
export function createAuthClient(options: ClientOptions = {}): unknown {
  return createClient(options, (store) => hookOf(store, useStore));
}

/** Returns the value of a store as an accessor, for as long as the owner lives. Only what depends on a changed member runs again. */
export function useStore<S extends Store>(store: S): Accessor<StoreValue<S>> {
  const [state, setState] = createStore<{ value: StoreValue<S> }>({ value: store.value as StoreValue<S> });
  onCleanup(store.subscribe((value) => setState("value", reconcile(value as StoreValue<S>))));
  return () => state.value;
}
