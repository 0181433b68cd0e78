import { drive, engine, guarded, type Engine } from "./engine.js";
import { Job, LOOK, RUNTIME_ERROR } from "./job.js";
import type { AuthError } from "./options.js";

/** In the order of `client::schedule::Event`. */
const MOUNT = 0,
  UNMOUNT = 1,
  FOCUS = 2,
  ONLINE = 3,
  CHANGED = 4,
  OTHER_TAB = 5,
  REFETCH = 6,
  SETTLED = 7,
  TIMER = 8;
/** `client::route::Effect::SignedOut`. */
const SIGNED_OUT = 2;
/** Milliseconds after which a look that nobody set a timeout for is given up: the next one waits for it. */
const PATIENCE = 30_000;

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a session without the generics
export interface SessionState<Data = any> {
  data: Data | null;
  error: AuthError | null;
  isPending: boolean;
  isRefetching: boolean;
  refetch: (params?: { query?: Record<string, unknown> }) => Promise<void>;
}

/** The nanostores contract, read-only. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
export interface SessionStore<Data = any> {
  get(): SessionState<Data>;
  /** Calls `listener` now and on every change; the answer unsubscribes. */
  subscribe(listener: (state: SessionState<Data>, old?: SessionState<Data>) => void): () => void;
  /** Calls `listener` on every change; the answer unsubscribes. */
  listen(listener: (state: SessionState<Data>, old: SessionState<Data>) => void): () => void;
  readonly value: SessionState<Data>;
  readonly init: SessionState<Data>;
  readonly lc: number;
  readonly eq: (a: unknown, b: unknown) => boolean;
  /** Calls every listener though nothing changed. */
  notify(old?: SessionState<Data>): void;
  /** Unsubscribes every listener. */
  off(): void;
}

/** The session as state. When to ask is decided by the wasm side's scheduler; this carries its events and timer. */
export function createStore(client: Job["client"]) {
  const browser = typeof window !== "undefined";
  const name = "better-session:" + client.base;
  const { refetchInterval = 0, refetchOnWindowFocus = true, refetchWhenOffline } = client.sessionOptions ?? {};
  const listeners = new Set<{ listener: Function }>();
  let waiting: (() => void)[] = [];
  let query: Record<string, unknown> | undefined;
  let signOuts = 0;
  let known: Engine | undefined;
  let handle = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let mounted: AbortController | undefined;
  let channel: BroadcastChannel | undefined;
  let hydratable = browser;

  const init: SessionState = {
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
        void feed(REFETCH);
      }),
  };
  let state = init;

  const set = (change: Partial<SessionState>) => {
    const old = state;
    const next = { ...old, ...change };
    if (!(["data", "error", "isPending", "isRefetching"] as const).some((key) => next[key] !== old[key])) return;
    state = next;
    notify(old);
  };

  const notify = (old = state) => {
    // nanostores' computed stores look at this before they look at us.
    const { nanostoresGlobal } = globalThis as { nanostoresGlobal?: { epoch: number } };
    if (nanostoresGlobal) nanostoresGlobal.epoch++;
    for (const { listener } of [...listeners]) {
      try {
        listener(state, old);
      } catch (thrown) {
        console.error(thrown);
      }
    }
  };

  const feed = async (event: number): Promise<void> => {
    try {
      const of = await engine();
      if (known !== of) {
        known = of;
        handle = of.wasm.scheduler(refetchInterval);
        if (mounted && event !== MOUNT) void feed(MOUNT);
      }
      const online = refetchWhenOffline || globalThis.navigator?.onLine !== false;
      const wait = guarded(of, (wasm) => wasm.happened(handle, event, performance.now(), state.data !== null, online));
      clearTimeout(timer);
      if (wait === 0) void look();
      else if (wait > 0) timer = setTimeout(() => void feed(TIMER), wait);
    } catch (cause) {
      settle({ error: new Job(client, "", null, {}).fault(RUNTIME_ERROR, cause) });
    }
  };

  const look = async () => {
    const served = waiting;
    waiting = [];
    set({ isPending: state.data === null, isRefetching: true, error: null });
    const before = signOuts;
    const { data: answer, error } = await drive(
      new Job(client, "", null, { query, timeout: client.fetchOptions?.timeout ?? PATIENCE }, LOOK),
    );
    const old = state.data;
    // An answer from before a sign-out is about nobody.
    const data = before === signOuts ? answer : old;
    settle(
      { error, data: error ? (error.status === 401 ? null : old) : JSON.stringify(old) === JSON.stringify(data) ? old : data },
      served,
    );
    void feed(SETTLED);
  };

  const settle = (change: Partial<SessionState>, served = waiting) => {
    hydratable = false;
    set({ ...change, isPending: false, isRefetching: false });
    for (const resolve of served) resolve();
  };

  const watch = () => {
    const { signal } = (mounted = new AbortController());
    const focus = () => {
      if (document.visibilityState !== "hidden") void feed(FOCUS);
    };
    if (refetchOnWindowFocus) {
      globalThis.document?.addEventListener("visibilitychange", focus, { signal });
      window.addEventListener?.("focus", focus, { signal });
    }
    window.addEventListener?.("online", () => void feed(ONLINE), { signal });
    if (globalThis.BroadcastChannel) {
      channel = new BroadcastChannel(name);
      channel.onmessage = () => void feed(OTHER_TAB);
    }
    void feed(MOUNT);
  };

  const unwatch = () => {
    mounted!.abort();
    mounted = undefined;
    channel?.close();
    channel = undefined;
    clearTimeout(timer);
    void feed(UNMOUNT);
  };

  const store: SessionStore = {
    get: () => state,
    listen(listener) {
      const entry = { listener };
      listeners.add(entry);
      if (browser && !mounted) watch();
      return () => {
        if (listeners.delete(entry) && mounted && !listeners.size) unwatch();
      };
    },
    subscribe(listener) {
      const stop = store.listen(listener);
      listener(state);
      return stop;
    },
    get value() {
      return state;
    },
    get lc() {
      return listeners.size;
    },
    init,
    eq: Object.is,
    notify,
    off() {
      listeners.clear();
      if (mounted) unwatch();
    },
  };

  return {
    store,
    /** A call of this page did something to the session, or a plugin says so: look again, and tell the other tabs. */
    changed(effect?: number) {
      if (!browser) return;
      if (globalThis.BroadcastChannel) {
        const to = channel ?? new BroadcastChannel(name);
        to.postMessage(1);
        if (!channel) to.close();
      }
      if (effect === SIGNED_OUT) {
        signOuts++;
        hydratable = false;
        set({ data: null, error: null });
      }
      // The new nobody is known; whether it is so can wait like any wish.
      void feed(effect === 1 ? CHANGED : OTHER_TAB);
    },
    /** Stores the session that the server rendered: once, and only before a response of the server and before a sign-out. */
    hydrate(data: unknown) {
      if (!hydratable || !data) return;
      hydratable = false;
      set({ data, error: null, isPending: false });
    },
  };
}
