/** A long-lived object inside core.wasm that survives a trap: it is made again in the next instance. */
import { core, discardCore, type Core } from "./instance.js";
import { BetterSessionError } from "../error.js";

export class CoreHandle<T> {
  readonly #make: (core: Core) => T;
  #home: Core;
  #object: T;

  /** `make` builds the object; what the core says against its configuration becomes a BetterSessionError. */
  constructor(make: (core: Core) => T) {
    this.#make = make;
    this.#home = core();
    this.#object = construct(make, this.#home);
  }

  /** Calls into the object. Any exception out of wasm costs the instance, not the program: `failed` is the answer. */
  call<R>(use: (object: T) => R, failed: R): R {
    try {
      const home = core();
      if (home !== this.#home) {
        this.#object = construct(this.#make, home);
        this.#home = home;
      }
      return use(this.#object);
    } catch {
      discardCore(this.#home);
      return failed;
    }
  }
}

/** A call that keeps nothing inside the core. */
export function callCore<R>(use: (core: Core) => R, failed: R): R {
  const home = core();
  try {
    return use(home);
  } catch {
    discardCore(home);
    return failed;
  }
}

function construct<T>(make: (core: Core) => T, home: Core): T {
  try {
    return make(home);
  } catch (cause) {
    const refusal = asRefusal(cause);
    if (refusal) throw refusal;
    discardCore(home);
    throw new BetterSessionError("CORE_FAILED", "The WebAssembly core failed while it was configured.", { cause });
  }
}

/** The core refuses a configuration by throwing the JSON text of `{ code, message }`. */
function asRefusal(thrown: unknown): BetterSessionError | undefined {
  if (typeof thrown !== "string") return undefined;
  try {
    const { code, message } = JSON.parse(thrown) as { code: string; message: string };
    return new BetterSessionError(code, message);
  } catch {
    return new BetterSessionError("CONFIGURATION", thrown);
  }
}
