/** The session's store: keeps session, error and pending state, ignores responses from before a sign-out, hydrates, tells other tabs. client.wasm decides when it asks. */
import { atom, onMount, type PreinitializedWritableAtom } from "nanostores";
import { callWasm, engine, run, type Engine } from "./engine.js";
import { surroundings } from "../runtime/client.js";
import { Job, LOOK_UP_SESSION, RUNTIME_ERROR, type ClientState } from "./job.js";
import type { AuthError } from "./options.js";

/** In the order of `client::refetch::Event`. */
const MOUNT = 0,
  UNMOUNT = 1,
  FOCUS = 2,
  ONLINE = 3,
  CHANGED = 4,
  SIGNAL = 5,
  REFETCH = 6,
  SETTLED = 7,
  TIMER = 8,
  HYDRATED = 9;
/** Milliseconds after which a lookup without a timeout of its own is aborted: the next one waits for it. */
const TIMEOUT = 30_000;

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a session without the generics
export interface SessionState<Data = any> {
  data: Data | null;
  error: AuthError | null;
  isPending: boolean;
  isRefetching: boolean;
  refetch: (params?: { query?: Record<string, unknown> }) => Promise<void>;
}

/** The session as a nanostores atom. Read it; the client writes it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
export type SessionStore<Data = any> = Omit<PreinitializedWritableAtom<SessionState<Data>>, "set">;

/** Creates the session's atom and signal. The module's scheduler decides when a request is sent; this carries its events and timer. */
export function createStore(client: ClientState) {
  const browser = typeof window !== "undefined";
  const name = "better-session:" + client.base;
  const { refetchInterval = 0, refetchOnWindowFocus = true, refetchWhenOffline } = client.options.sessionOptions ?? {};
  let waiting: (() => void)[] = [];
  let query: Record<string, unknown> | undefined;
  let signOuts = 0;
  let known: Engine | undefined;
  let handle = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let mounted: AbortController | undefined;
  let channel: BroadcastChannel | undefined;
  let hydratable = browser;
  let signalled = SIGNAL;

  const $sessionSignal = atom(false);
  const session = atom<SessionState>({
    data: null,
    error: null,
    isPending: true,
    isRefetching: false,
    refetch: (params) =>
      new Promise((resolve) => {
        // A server's process is shared by all visitors, so no session may be stored in it.
        if (!browser) return resolve();
        waiting.push(resolve);
        query = params?.query;
        void report(REFETCH);
      }),
  });
  // Better Auth's hooks use the initial value while a page is hydrated if a store has this mark.
  Object.defineProperty(session, Symbol.for("better-auth:auth-query"), { value: true });

  const set = (change: Partial<SessionState>) => {
    const old = session.value;
    const next = { ...old, ...change };
    if (!(["data", "error", "isPending", "isRefetching"] as const).some((key) => next[key] !== old[key])) return;
    try {
      session.set(next);
    } catch (thrown) {
      // A listener of the page's; the store goes on.
      console.error(thrown);
    }
  };

  const report = async (event: number): Promise<void> => {
    try {
      const of = await engine();
      if (known !== of) {
        known = of;
        handle = of.wasm.scheduler(refetchInterval);
        if (mounted && event !== MOUNT) void report(MOUNT);
      }
      const online = refetchWhenOffline || surroundings.isOnline() !== false;
      const wait = callWasm(of, (wasm) => wasm.happened(handle, event, performance.now(), session.value.data !== null, online));
      clearTimeout(timer);
      if (wait === 0) void lookUp();
      else if (wait > 0) timer = setTimeout(() => void report(TIMER), wait);
    } catch (cause) {
      const job = new Job(client, "", undefined, {});
      job.cause = cause;
      await job.fail(RUNTIME_ERROR);
      settle({ error: job.error });
    }
  };

  const lookUp = async () => {
    const served = waiting;
    waiting = [];
    const old = session.value.data;
    set({ isPending: old === null, isRefetching: true, error: null });
    const before = signOuts;
    const job = new Job(
      client,
      "",
      undefined,
      { query, timeout: client.options.fetchOptions?.timeout ?? TIMEOUT, disableSignal: true },
      LOOK_UP_SESSION,
    );
    let { error } = job;
    try {
      await run(job);
      error = job.error;
    } catch (thrown) {
      error = thrown as AuthError;
    }
    let data = session.value.data;
    // A response to a request from before a sign-out is about nobody.
    if (!error && before === signOuts) {
      const found = job.data as { session?: unknown } | null;
      const next = found && found.session !== null ? found : null;
      if (JSON.stringify(next) !== JSON.stringify(data)) data = next;
    } else if (error?.status === 401) data = null;
    settle({ error, data }, served);
    void report(SETTLED);
  };

  const settle = (change: Partial<SessionState>, served = waiting) => {
    hydratable = false;
    set({ ...change, isPending: false, isRefetching: false });
    for (const resolve of served) resolve();
  };

  onMount(session, () => {
    if (!browser) return;
    const { signal } = (mounted = new AbortController());
    surroundings.listen(refetchOnWindowFocus && (() => void report(FOCUS)), () => void report(ONLINE), signal);
    if (globalThis.BroadcastChannel) {
      channel = new BroadcastChannel(name);
      channel.onmessage = () => void report(SIGNAL);
    }
    void report(MOUNT);
    return () => {
      mounted!.abort();
      mounted = undefined;
      channel?.close();
      channel = undefined;
      clearTimeout(timer);
      void report(UNMOUNT);
    };
  });

  $sessionSignal.listen(() => {
    if (!browser) return;
    if (globalThis.BroadcastChannel) {
      const to = channel ?? new BroadcastChannel(name);
      to.postMessage(1);
      if (!channel) to.close();
    }
    void report(signalled);
    signalled = SIGNAL;
  });

  return {
    session,
    $sessionSignal,
    /** Reports that a call of this page may have changed the session, or ended it. */
    changed(signedOut?: boolean) {
      if (signedOut && browser) {
        signOuts++;
        hydratable = false;
        set({ data: null, error: null });
      } else signalled = CHANGED;
      $sessionSignal.set(!$sessionSignal.value);
    },
    /** Stores the session that the server rendered: once, and only before a response of the server and before a sign-out. */
    hydrate(data: unknown) {
      if (!hydratable || !data) return;
      hydratable = false;
      set({ data, error: null, isPending: false });
      void report(HYDRATED);
    },
  };
}
