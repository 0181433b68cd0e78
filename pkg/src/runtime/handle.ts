/** A long-lived object inside a WebAssembly instance. After a trap it is created again in the next instance. */
import type { Glue, Instances } from "./instances.js";
import type { ConfigurationFault } from "../protocol/messages.js";
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
    this.#object = construct(instances, make);
    this.#generation = instances.generation;
  }

  /** Calls the object. After any exception in WebAssembly the instance is discarded and `failed` returned. */
  call<R>(use: (object: T) => R, failed: R): R {
    try {
      this.#instances.live();
      if (this.#generation !== this.#instances.generation) {
        this.#object = construct(this.#instances, this.#make);
        this.#generation = this.#instances.generation;
      }
      return use(this.#object);
    } catch {
      this.#instances.discard(this.#generation);
      return failed;
    }
  }
}

/**
 * Creates an object in the live instance. An error about the configuration is thrown as a BetterSessionError; after any other
 * exception the instance is discarded.
 */
export function construct<B extends Glue, T>(instances: Instances<B>, make: (bindings: B, memory: WebAssembly.Memory) => T): T {
  const bindings = instances.live();
  const { generation } = instances;
  try {
    return make(bindings, instances.memory);
  } catch (cause) {
    if (cause instanceof BetterSessionError) throw cause;
    if (typeof cause === "string") throw configurationError(cause);
    instances.discard(generation);
    throw new BetterSessionError("CORE_FAILED", "The WebAssembly module failed while it was configured.", { cause });
  }
}

/** Returns the error for a rejected configuration, from WebAssembly's JSON text of `{ code, message }`. */
export function configurationError(text: string): BetterSessionError {
  try {
    const { code, message } = JSON.parse(text) as ConfigurationFault;
    return new BetterSessionError(code, message);
  } catch {
    return new BetterSessionError("CONFIGURATION", text);
  }
}
