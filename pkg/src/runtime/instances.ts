/** The program's only instance of one module: created on first use, and again after a trap; and the errors that say why it cannot be. */
import { BetterSessionError } from "../error.js";
import { ofThisRealm } from "./realm.js";

/** Exports that wasm-bindgen's glue of every module has. The glue holds one instance at a time. */
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

  /** Sets the source of the module. Only the first call counts: two entries of one program share an instance. */
  provide(module: () => WebAssembly.Module): void {
    this.#source ??= module;
  }

  /** Returns the bindings of the live instance. Throws WASM_MISSING without a module, and WASM_UNAVAILABLE if WebAssembly cannot run. */
  live(): B {
    if (!this.#live) this.#start();
    return this.#glue;
  }

  /** The number of instances before the live one. Objects of another generation must not be used. */
  get generation(): number {
    return this.#generation;
  }

  /** The live instance's memory. */
  get memory(): WebAssembly.Memory {
    return this.#glue.initSync({ module: this.#compiled! }).memory;
  }

  /** Makes a call that leaves no object in the instance. After any exception the instance is discarded and `failed` returned. */
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

  /** Discards an instance that trapped: its memory can no longer be trusted. */
  discard(generation: number): void {
    if (generation !== this.#generation) return;
    this.#generation++;
    this.#live = false;
    try {
      // At once, so that objects collected later are not freed in the broken memory.
      this.#restart();
    } catch {
      // The next call tries again and throws the reason.
    }
  }

  #start(): void {
    if (!this.#source) {
      throw new BetterSessionError("WASM_MISSING", "No WebAssembly module was given: call useCore(module) of better-session/slim first.");
    }
    try {
      if (this.#generation > 0) return this.#restart();
      this.#compiled ??= ofThisRealm(this.#source());
      this.#glue.initSync({ module: this.#compiled });
      this.#live = true;
    } catch (cause) {
      throw new BetterSessionError("WASM_UNAVAILABLE", unavailable(), { cause });
    }
  }

  #restart(): void {
    this.#glue.__wbg_reset_state();
    this.#live = true;
  }
}

/** A module whose only type is a function that returns a vector: valid only where SIMD is. */
const NEEDS_SIMD = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123);

/** Returns why the module could not be compiled. */
function unavailable(): string {
  if (typeof WebAssembly !== "object") return "This runtime has no WebAssembly.";
  if (!WebAssembly.validate(NEEDS_SIMD)) return "This runtime's WebAssembly has no SIMD: Chrome 91, Firefox 89 and Safari 16.4 have it.";
  return "This runtime forbids compiling WebAssembly: a page's Content-Security-Policy needs 'wasm-unsafe-eval'; a Worker or edge function must be bundled with the condition workerd or edge-light.";
}
