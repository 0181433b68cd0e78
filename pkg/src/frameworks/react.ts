import { useSyncExternalStore } from "react";
import { createAuthClient as createClient } from "../client/index.js";
import type { AuthClient, ClientOptions, Fields, SessionData, SessionState, SessionStore } from "../client/index.js";

export type * from "../client/index.js";

/** The client of `better-session/client` whose `useSession` is a hook as well as a store. */
export type ReactAuthClient<F extends Fields = {}> = AuthClient<F> & {
  useSession: SessionStore<SessionData<F>> & (() => SessionState<SessionData<F>>);
};

/** Creates the client of `better-session/client` for components: `const { data, isPending } = authClient.useSession()`. */
export function createAuthClient<F extends Fields = {}>(options?: ClientOptions): ReactAuthClient<F> {
  const client = createClient<F>(options);
  const store = client.useSession;
  // All properties of the store, including getters: the hooks of nanostores read them.
  const useSession = Object.defineProperties(() => useStore(store), Object.getOwnPropertyDescriptors(store));
  return new Proxy(client, {
    get: (target, name, self) => (name === "useSession" ? useSession : Reflect.get(target, name, self)),
  }) as ReactAuthClient<F>;
}

/** Returns the state of a store in a component. On a server and in the first render of the browser it is pending. */
export function useStore<Data>(store: SessionStore<Data>): SessionState<Data> {
  return useSyncExternalStore(store.listen, store.get, () => store.init);
}
