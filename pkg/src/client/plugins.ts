/** Better Auth's client plugins: their atoms, methods, fetch plugins, listeners and actions become the client's. */
import type { WritableAtom } from "nanostores";
import { BetterSessionError } from "../error.js";
import type { ClientState, Job } from "./job.js";
import { PATH } from "./job.js";
import type { ClientPlugin } from "./options.js";
import { changesCoreSession, changesSession, plain } from "./session-changes.js";

/** Members of the client that are not endpoints, by name. */
export type Members = Record<string, unknown>;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each plugin has its own
export type Atoms = Record<string, WritableAtom<any>>;

/** Adds the plugins' atoms, methods, fetch plugins and listeners to the client. Returns their actions. */
export function installPlugins(
  client: ClientState,
  atoms: Atoms,
  changed: (signedOut?: boolean) => void,
  $fetch: unknown,
  $store: unknown,
): Members {
  const { plugins = [] } = client.options;
  for (const { getAtoms, pathMethods, fetchPlugins = [] } of plugins) {
    for (const plugin of fetchPlugins) {
      if ("schema" in plugin) throw new BetterSessionError("CONFIGURATION", "A fetch plugin has a `schema`, which is not supported.");
    }
    Object.assign(atoms, getAtoms?.($fetch));
    Object.assign(client.methods, pathMethods);
    client.fetchPlugins.push(...fetchPlugins);
  }
  const ids = plugins.map(({ id }) => plain(id));
  const listeners = plugins.flatMap(({ atomListeners = [] }) => atomListeners);
  client.succeeded = ({ own, kind, path, request }: Job) => {
    if (own.disableSignal) return;
    const isWrite = request!.method !== "GET";
    let session = kind < PATH ? changesSession(path, isWrite, ids) : isWrite && changesCoreSession(path);
    if (kind < PATH) {
      for (const { signal, callback } of unique(listeners.filter(({ matcher }) => matcher(path)))) {
        if (signal === "$sessionSignal") session = true;
        else setTimeout(() => toggle(atoms[signal]), 10);
        callback?.(path);
      }
    }
    if (session) changed(path === "/sign-out");
  };
  const actions: Members = {};
  for (const { getActions } of plugins) merge(actions, getActions?.($fetch, $store, client.options));
  return actions;
}

export function toggle(signal: Atoms[string] | undefined): void {
  signal?.set(!signal.get());
}

/** Returns the first listener of each signal. */
function unique(listeners: NonNullable<ClientPlugin["atomListeners"]>) {
  return new Map(listeners.reverse().map((listener) => [listener.signal, listener])).values();
}

/** Merges the members that several plugins add under one name, such as `signIn`. */
function merge(into: Members, from: Members = {}): void {
  for (const [name, value] of Object.entries(from)) {
    if (value && typeof value === "object") merge((into[name] = { ...(into[name] as Members) }), value as Members);
    else into[name] = value;
  }
}
