/** A long-lived object inside a WebAssembly instance. After a trap it is created again in the next instance. */
import type { Glue, Instances } from "./instances.js";
import { BetterSessionError } from "../error.js";

export class Handle<B extends Glue, T> {
  readonly #instances: Instances<B>;
  readonly #make: (bindings: B, memory: WebAssembly.Memory) => T;
  #generation: number;
  #object: T;

  /** `make` creates the object; an error that it throws about the configuration becomes a BetterSessionError. */
  constructor(instances: Instances<B>, make: (bindings: B, memory: WebAssembly.Memory) => T) {
    this.#instances = instances;
    this.#make = make;
    const bindings = instances.live();
    this.#generation = instances.generation;
    this.#object = this.#construct(bindings);
  }

  /** Calls the object. After any exception in WebAssembly the instance is discarded and `failed` returned. */
  call<R>(use: (object: T) => R, failed: R): R {
    try {
      const bindings = this.#instances.live();
      if (this.#generation !== this.#instances.generation) {
        this.#object = this.#construct(bindings);
        this.#generation = this.#instances.generation;
      }
      return use(this.#object);
    } catch {
      this.#instances.discard(this.#generation);
      return failed;
    }
  }

  #construct(bindings: B): T {
    const { generation } = this.#instances;
    try {
      return this.#make(bindings, this.#instances.memory);
    } catch (cause) {
      const error = configurationError(cause);
      if (error) throw error;
      this.#instances.discard(generation);
      throw new BetterSessionError("CORE_FAILED", "The WebAssembly core failed while it was configured.", { cause });
    }
  }
}

/** Returns the error for a rejected configuration, which WebAssembly throws as the JSON text of `{ code, message }`. */
export function configurationError(thrown: unknown): BetterSessionError | undefined {
  if (typeof thrown !== "string") return undefined;
  try {
    const { code, message } = JSON.parse(thrown) as { code: string; message: string };
    return new BetterSessionError(code, message);
  } catch {
    return new BetterSessionError("CONFIGURATION", thrown);
  }
}
