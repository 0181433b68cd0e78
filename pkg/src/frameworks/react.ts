/** The client's stores as React hooks. */
import { useCallback, useRef, useSyncExternalStore } from "react";
import type { createAuthClient as createTheirs } from "better-auth/react";
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

/** The client of `better-session/client` whose stores are hooks as well. */
export type ReactAuthClient<F extends Fields = {}> = AuthClient<F> & { useSession: () => SessionState<SessionData<F>> };

/** Creates the client of `better-session/client` for components: `const { data, isPending } = authClient.useSession()`. */
export function createAuthClient<O extends PluginOptions>(options: O): WithAdditions<ReturnType<typeof createTheirs<Inferred<O>>>>;
export function createAuthClient<F extends Fields = {}>(options?: ClientOptions): ReactAuthClient<F>;
export function createAuthClient(options: ClientOptions = {}): unknown {
  return createClient(options, (store) => hookOf(store, useStore));
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
