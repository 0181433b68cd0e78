/** The types of a client with plugins: those of Better Auth's own client, which the plugins' packages bring, and what this client adds. */
import type { BetterAuthClientOptions, BetterAuthClientPlugin, createAuthClient as createTheirs } from "better-auth/client";
import type { ClientOptions } from "./options.js";
import type { RevokeSession } from "./types.js";

/** Options with plugins. `$InferAuth` is `typeof auth.options` of the server, for types only. */
export interface PluginOptions extends Omit<ClientOptions, "plugins"> {
  plugins: BetterAuthClientPlugin[];
  $InferAuth?: object;
}

/** The options that Better Auth's types depend on. */
export type Inferred<O extends PluginOptions> = {
  plugins: O["plugins"];
  fetchOptions: O["fetchOptions"] extends { throw: true } ? { throw: true } : {};
  $InferAuth: O extends { $InferAuth: infer Auth extends NonNullable<BetterAuthClientOptions["$InferAuth"]> } ? Auth : undefined;
};

/** The session calls that are found under `session` as well. */
type SessionCallName =
  "getSession" | "listSessions" | "revokeSession" | "revokeOtherSessions" | "revokeSessions" | "signOut" | "updateSession";

/** The members that this client adds to one of Better Auth. */
export interface Additions<Client> {
  session: Pick<Client, Extract<SessionCallName, keyof Client>> & { revokeSession: RevokeSession };
  /** Also accepts `{ id }`, and `{ verify: true }` in the options, which checks that the session is gone. */
  revokeSession: RevokeSession;
  /** Returns whether the session in the store is young enough for calls that require a fresh one. `freshAge` in seconds. */
  isFresh(freshAge?: number): boolean;
  /** Until when it is; null without a session. */
  readonly freshUntil: Date | null;
}

/** Better Auth's client of these options, with the additions. */
export type WithAdditions<Client> = Client & Additions<Client>;

/** The client of `createAuthClient({ plugins: [...] })`. */
export type PluginClient<O extends PluginOptions> = WithAdditions<ReturnType<typeof createTheirs<Inferred<O>>>>;
