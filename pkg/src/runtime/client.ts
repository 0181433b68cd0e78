/**
 * client.wasm: decides for the browser's client.
 * The entry provides a loader (`client-inline`, `client-workerd`, `client-edge-light` or `client-react-native`).
 */
import type { glue } from "./client-glue.js";

/** The glue of client.wasm, or of its build as JavaScript, after it was started. */
export type ClientGlue = Omit<typeof glue, "initSync">;
export type Client = Omit<ClientGlue, "__wbg_reset_state">;

let load: (() => Promise<ClientGlue>) | undefined;
let started: ClientGlue | undefined;

/** Sets what starts the first instance. Only the first call counts: two entries of one program share an instance. */
export function provideClient(loader: () => Promise<ClientGlue>): void {
  load ??= loader;
}

/** Resolves to the bindings of a new instance. The previous one must no longer be in use. */
export async function instantiate(): Promise<Client> {
  if (!started) return (started = await load!());
  // Only after every call of the old instance has left the stack.
  await Promise.resolve();
  started.__wbg_reset_state();
  return started;
}
