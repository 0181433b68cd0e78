/** The client's stores as functions for Svelte. */
import type { createAuthClient as createTheirs } from "better-auth/svelte";
import { createClient } from "../client/index.js";
import type {
  AuthClient,
  ClientOptions,
  Fields,
  Inferred,
  PluginOptions,
  SessionData,
  SessionStore,
  WithAdditions,
} from "../client/index.js";
import { hookOf } from "./hook.js";

export type * from "../client/index.js";

/** The client of `better-session/client` whose stores are functions as well, as in Better Auth's client for Svelte. */
export type SvelteAuthClient<F extends Fields = {}> = AuthClient<F> & { useSession: () => SessionStore<SessionData<F>> };

/** Creates the client of `better-session/client` for components: `const session = authClient.useSession()`, then `$session.data`. */
export function createAuthClient<O extends PluginOptions>(options: O): WithAdditions<ReturnType<typeof createTheirs<Inferred<O>>>>;
export function createAuthClient<F extends Fields = {}>(options?: ClientOptions): SvelteAuthClient<F>;
export function createAuthClient(options: ClientOptions = {}): unknown {
  return createClient(options, (store) => hookOf(store, () => store));
}
