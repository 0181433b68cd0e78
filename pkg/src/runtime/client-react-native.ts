/**
 * The client's program for React Native, whose engine has no WebAssembly. Instead of a page's events the store uses Better Auth's managers of
 * focus and network, which its Expo plugin provides.
 */
import { provideClient } from "./client.js";
import { startJavaScript } from "./client-javascript.js";

interface Manager {
  isOnline?: boolean;
  subscribe(listener: (active: boolean) => void): () => void;
  setup(): () => void;
}

const manager = (name: string) => (globalThis as { [key: symbol]: Manager | undefined })[Symbol.for(`better-auth:${name}-manager`)];

function follow(of: Manager | undefined, call: () => void, signal: AbortSignal): void {
  if (!of) return;
  const ends = [of.subscribe((active) => active && call()), of.setup()];
  signal.addEventListener("abort", () => ends.forEach((end) => end()));
}

provideClient(async () => startJavaScript(), {
  isOnline: () => manager("online")?.isOnline,
  listen(focus, online, signal) {
    if (focus) follow(manager("focus"), focus, signal);
    follow(manager("online"), online, signal);
  },
});
