/**
 * client.wasm, and the page's events that mean that the user is back or online.
 * The entry provides a loader (`client-inline`, `client-workerd`, `client-edge-light` or `client-react-native`).
 */
import type { glue } from "./client-glue.js";

/** The glue of client.wasm, or of its build as JavaScript, after it was started. */
export type ClientGlue = Omit<typeof glue, "initSync">;
export type Client = Omit<ClientGlue, "__wbg_reset_state">;

/** Events and state of the platform, for the session store. */
export interface Surroundings {
  isOnline(): boolean | undefined;
  /** Calls the functions when the app is shown or focused, and when it is online again, until the signal fires. */
  listen(focus: (() => void) | false, online: () => void, signal: AbortSignal): void;
}

/** Those of a page. React Native has neither these events nor `document`. */
export let surroundings: Surroundings = {
  isOnline: () => globalThis.navigator?.onLine,
  listen(focus, online, signal) {
    if (focus) {
      const shown = () => globalThis.document?.visibilityState !== "hidden" && focus();
      globalThis.document?.addEventListener("visibilitychange", shown, { signal });
      window.addEventListener?.("focus", shown, { signal });
    }
    window.addEventListener?.("online", online, { signal });
  },
};

let load: (() => Promise<ClientGlue>) | undefined;
let started: ClientGlue | undefined;

/** Sets what starts the first instance. Only the first call counts: two entries of one program share an instance. */
export function provideClient(loader: () => Promise<ClientGlue>, others = surroundings): void {
  load ??= loader;
  surroundings = others;
}

/** Resolves to the bindings of a new instance. The previous one must no longer be in use. */
export async function instantiate(): Promise<Client> {
  if (!started) return (started = await load!());
  // Only after every call of the old instance has left the stack.
  await Promise.resolve();
  started.__wbg_reset_state();
  return started;
}
