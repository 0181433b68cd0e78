/** One module's instance for the whole program: made on first use, made again after a trap. */
import { BetterSessionError } from "../error.js";

/** What the bindings of any instance have. */
export interface Bindings {
  retire(): void;
}

export class Instances<B extends Bindings> {
  readonly #bind: (module: WebAssembly.Module) => B;
  #source: (() => WebAssembly.Module) | undefined;
  #compiled: WebAssembly.Module | undefined;
  #current: B | undefined;

  constructor(bind: (module: WebAssembly.Module) => B) {
    this.#bind = bind;
  }

  /** Says where the module comes from. The first one stays: two entries of one program share an instance. */
  provide(module: () => WebAssembly.Module): void {
    this.#source ??= module;
  }

  /** The live instance. Throws only where WebAssembly itself cannot run. */
  live(): B {
    return (this.#current ??= this.#instantiate());
  }

  /** A call that keeps nothing inside. Any exception costs the instance, not the program: `failed` is the answer. */
  call<R>(use: (bindings: B) => R, failed: R): R {
    const live = this.live();
    try {
      return use(live);
    } catch {
      this.discard(live);
      return failed;
    }
  }

  /** Forgets an instance that trapped: its memory can no longer be trusted. */
  discard(broken: B): void {
    broken.retire();
    if (this.#current === broken) this.#current = undefined;
  }

  #instantiate(): B {
    if (!this.#source) {
      throw new BetterSessionError("WASM_MISSING", "No WebAssembly module was given: call useCore(module) of better-session/slim first.");
    }
    try {
      this.#compiled ??= this.#source();
      return this.#bind(this.#compiled);
    } catch (cause) {
      throw new BetterSessionError(
        "WASM_UNAVAILABLE",
        "WebAssembly cannot be compiled here. A page's Content-Security-Policy needs 'wasm-unsafe-eval'; on an edge runtime import better-session through its bundler.",
        { cause },
      );
    }
  }
}
