/** Makes a store callable, as a hook that is the store as well. */
import type { Store } from "nanostores";

/** Returns a function that calls `use` with the store and is the store as well: whoever expects an atom reads and writes its properties. */
export function hookOf<S extends Store>(store: S, use: (store: S, ...given: never[]) => unknown): unknown {
  return new Proxy((...given: never[]) => use(store, ...given), {
    get: (_, name) => Reflect.get(store, name) as unknown,
    set: (_, name, value) => Reflect.set(store, name, value),
    has: (_, name) => name in store,
  });
}
