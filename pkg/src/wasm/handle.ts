/** A long-lived object inside a WebAssembly instance that survives a trap: it is made again in the next instance. */
import type { Bindings, Instances } from "./instances.js";
import { BetterSessionError } from "../error.js";

export class Handle<B extends Bindings, T> {
  readonly #instances: Instances<B>;
  readonly #make: (bindings: B) => T;
  #home: B;
  #object: T;

  /** `make` builds the object; what the core says against its configuration becomes a BetterSessionError. */
  constructor(instances: Instances<B>, make: (bindings: B) => T) {
    this.#instances = instances;
    this.#make = make;
    this.#home = instances.live();
    this.#object = this.#construct(this.#home);
  }

  /** Calls into the object. Any exception out of wasm costs the instance, not the program: `failed` is the answer. */
  call<R>(use: (object: T) => R, failed: R): R {
    try {
      const home = this.#instances.live();
      if (home !== this.#home) {
        this.#object = this.#construct(home);
        this.#home = home;
      }
      return use(this.#object);
    } catch {
      this.#instances.discard(this.#home);
      return failed;
    }
  }

  #construct(home: B): T {
    try {
      return this.#make(home);
    } catch (cause) {
      const refusal = asRefusal(cause);
      if (refusal) throw refusal;
      this.#instances.discard(home);
      throw new BetterSessionError("CORE_FAILED", "The WebAssembly core failed while it was configured.", { cause });
    }
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
