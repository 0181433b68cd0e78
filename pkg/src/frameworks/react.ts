import { useCallback, useRef, useSyncExternalStore } from "react";
import type { Store, StoreValue } from "nanostores";
import { createClient } from "../client/index.js";
import type { AuthClient, ClientOptions, Fields, SessionData, SessionState, SessionStore } from "../client/index.js";

export type * from "../client/index.js";

/** The client of `better-session/client` whose stores are hooks as well. */
export type ReactAuthClient<F extends Fields = {}> = AuthClient<F> & {
  useSession: SessionStore<SessionData<F>> & (() => SessionState<SessionData<F>>);
};

/** Creates the client of `better-session/client` for components: `const { data, isPending } = authClient.useSession()`. */
export function createAuthClient<F extends Fields = {}>(options: ClientOptions = {}): ReactAuthClient<F> {
  return createClient(options, toHook) as ReactAuthClient<F>;
}

/** Returns a hook that is a store as well: the hooks of nanostores read and write its properties. */
function toHook(store: Store): unknown {
  return new Proxy(() => useStore(store), {
    get: (_, name) => Reflect.get(store, name),
    set: (_, name, value) => Reflect.set(store, name, value),
    has: (_, name) => name in store,
  });
}

/** Returns the value of a store in a component. On a server and in the first render of the browser the session and queries are pending. */
export function useStore<S extends Pick<Store, "get" | "listen" | "value">>(store: S): StoreValue<S> {
  const snapshot = useRef(store.get());
  const get = () => snapshot.current;
  const subscribe = useCallback(
    (changed: () => void) => {
      const update = () => {
        if (snapshot.current === store.value) return;
        snapshot.current = store.value;
        changed();
      };
      update();
      return store.listen(update);
    },
    [store],
  );
  const isQuery = Reflect.get(store, Symbol.for("better-auth:auth-query"));
  return useSyncExternalStore(subscribe, get, isQuery ? () => Reflect.get(store, "init") : get);
}
