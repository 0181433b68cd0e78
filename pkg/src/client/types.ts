/** The public types of the client: its calls, their arguments and results. */
/* eslint-disable @typescript-eslint/no-explicit-any -- endpoints that this package does not know have no types */
import type { SessionDescription } from "../session-handles/types.js";
import type { Session, User } from "../types.js";
import type { AuthError, FetchOptions } from "./options.js";
import type { SessionStore } from "./store.js";

/** Members that the server's `additionalFields` and plugins add. */
export interface Fields {
  session?: object;
  user?: object;
}

type Added<F extends Fields, K extends keyof Fields> = F[K] extends object ? F[K] : {};

export type SessionOf<F extends Fields> = Session & Added<F, "session">;
export type UserOf<F extends Fields> = User & Added<F, "user">;
/** A session in a list. `updatedAt` moves at most once per `updateAge` (a day by default): it is not the time of the last request. */
export type ListedSession<F extends Fields = {}> = SessionOf<F> & SessionDescription;
export interface SessionData<F extends Fields = {}> {
  session: SessionOf<F>;
  user: UserOf<F>;
}

/** The result of every call: data, or an error. */
export type Result<Data, Code extends string = string> = { data: Data; error: null } | { data: null; error: AuthError<Code> };

type Throwing = { throw: true };
type Answer<Data, Options, Code extends string = string> = Promise<Options extends Throwing ? Data : Result<Data, Code>>;

/** A call that needs no argument. */
export interface Call<Argument, Data, Code extends string = string> {
  <const O extends FetchOptions = {}>(
    argument?: Argument & { query?: Record<string, unknown>; fetchOptions?: O },
    options?: O,
  ): Answer<Data, O, Code>;
}
/** A call that needs one. */
export interface CallWith<Argument, Data, Code extends string = string> {
  <const O extends FetchOptions = {}>(
    argument: Argument & { query?: Record<string, unknown>; fetchOptions?: O },
    options?: O,
  ): Answer<Data, O, Code>;
}
export interface RevokeSession {
  <const O extends FetchOptions & { verify?: boolean } = {}>(
    session: ({ token: string; id?: never } | { id: string; token?: never }) & { fetchOptions?: O },
    options?: O,
  ): Answer<{ status: boolean }, O, "SESSION_NOT_FRESH" | "SESSION_NOT_FOUND" | "SESSION_STILL_ACTIVE">;
}

/** The calls that sessions are about. */
export interface SessionCalls<F extends Fields = {}> {
  getSession: Call<{ query?: { disableCookieCache?: boolean; disableRefresh?: boolean } }, SessionData<F> | null>;
  /**
   * Refused with `SESSION_NOT_FRESH` when the sign-in is too long ago: sign in again, then list. Behind a gate with `sessionHandles`
   * each `token` is a handle, which `revokeSession` accepts, and each session is described.
   */
  listSessions: Call<{}, ListedSession<F>[], "SESSION_NOT_FRESH">;
  /** By `token` as the server does it, or by `id`; `{ verify: true }` looks whether it is really gone. */
  revokeSession: RevokeSession;
  revokeOtherSessions: Call<{}, { status: boolean }>;
  revokeSessions: Call<{}, { status: boolean }>;
  signOut: Call<{}, { success: boolean }>;
  updateSession: CallWith<Partial<Added<F, "session">>, { session: SessionOf<F> }>;
}

interface Credentials {
  email: string;
  password: string;
  callbackURL?: string;
  rememberMe?: boolean;
}

interface KnownCalls<F extends Fields> {
  signIn: Dynamic & { email: CallWith<Credentials, { redirect: boolean; token: string; url?: string; user: UserOf<F> }> };
  signUp: Dynamic & {
    email: CallWith<Credentials & { name: string; image?: string } & Partial<Added<F, "user">>, { token: string | null; user: UserOf<F> }>;
  };
  updateUser: CallWith<{ name?: string; image?: string | null } & Partial<Added<F, "user">>, { status: boolean }>;
}

/** Any other endpoint: `client.a.bC(body)` is `/a/b-c`, a POST when there is a body. */
export interface Dynamic {
  <Data = any>(argument?: unknown, options?: FetchOptions): Promise<Result<Data>>;
  readonly [path: string]: any;
}

export type AuthClient<F extends Fields = {}> = SessionCalls<F> &
  KnownCalls<F> & {
    session: SessionCalls<F>;
    /** The session as a store: nanostores' `get`, `subscribe` and `listen`. */
    useSession: SessionStore<SessionData<F>>;
    /** Fills the store with what the server rendered, until it is asked. */
    hydrateSession(session: SessionData<F> | null): void;
    /** Whether the session in the store is young enough for calls that want a fresh one. `freshAge` in seconds. */
    isFresh(freshAge?: number): boolean;
    /** Until when it is; null without a session. */
    readonly freshUntil: Date | null;
    $fetch<Data = any>(path: string, options?: FetchOptions): Promise<Result<Data>>;
    $store: {
      notify(signal?: string): void;
      listen(signal: string, listener: (state: any) => void): () => void;
      atoms: Record<string, any>;
    };
    $Infer: { Session: SessionData<F> };
  } & { readonly [path: string]: any };
