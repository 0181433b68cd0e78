/** One module's instance for the whole program: made on first use, made again after a trap. */
import { BetterSessionError } from "../error.js";

/** What wasm-bindgen's glue of any module exports. It holds one instance at a time. */
export interface Glue {
  /** Starts the first instance; later calls return the live one's exports. */
  initSync(options: { module: WebAssembly.Module }): { readonly memory: WebAssembly.Memory };
  /** Starts a new instance in place of the live one, whose objects throw from then on. */
  __wbg_reset_state(): void;
}

export class Instances<B extends Glue> {
  readonly #glue: B;
  #source: (() => WebAssembly.Module) | undefined;
  #compiled: WebAssembly.Module | undefined;
  #live = false;
  #generation = 0;

  constructor(glue: B) {
    this.#glue = glue;
  }

  /** Says where the module comes from. The first one stays: two entries of one program share an instance. */
  provide(module: () => WebAssembly.Module): void {
    this.#source ??= module;
  }

  /** The bindings of the live instance. Throws only where WebAssembly itself cannot run. */
  live(): B {
    if (!this.#live) this.#start();
    return this.#glue;
  }

  /** How many instances came before the live one. Objects of another generation must not be used. */
  get generation(): number {
    return this.#generation;
  }

  /** The live instance's memory. */
  get memory(): WebAssembly.Memory {
    return this.#glue.initSync({ module: this.#compiled! }).memory;
  }

  /** A call that keeps nothing inside. Any exception costs the instance, not the program: `failed` is the answer. */
  call<R>(use: (bindings: B) => R, failed: R): R {
    const live = this.live();
    const { generation } = this;
    try {
      return use(live);
    } catch {
      this.discard(generation);
      return failed;
    }
  }

  /** Forgets an instance that trapped: its memory can no longer be trusted. */
  discard(generation: number): void {
    if (generation !== this.#generation) return;
    this.#generation++;
    this.#live = false;
    try {
      // At once, so that what is collected later is not freed in the broken memory.
      this.#restart();
    } catch {
      // The next call tries again, and says why it cannot be.
    }
  }

  #start(): void {
    if (!this.#source) {
      throw new BetterSessionError("WASM_MISSING", "No WebAssembly module was given: call useCore(module) of better-session/slim first.");
    }
    try {
      if (this.#generation > 0) return this.#restart();
      this.#compiled ??= this.#source();
      this.#glue.initSync({ module: this.#compiled });
      this.#live = true;
    } catch (cause) {
      throw new BetterSessionError(
        "WASM_UNAVAILABLE",
        "WebAssembly cannot be compiled here. A page's Content-Security-Policy needs 'wasm-unsafe-eval'; on an edge runtime import better-session through its bundler.",
        { cause },
      );
    }
  }

  #restart(): void {
    this.#glue.__wbg_reset_state();
    this.#live = true;
  }
}
