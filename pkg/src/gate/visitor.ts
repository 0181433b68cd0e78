/** What `next` and `authenticate` are told about whoever sent a request. */
import { BetterSessionError } from "../error.js";
import type { Session, User, Verdict } from "../types.js";
import type { GateCore } from "./decider.js";
import { IDENTITY_HEADER, visitorHeaders, redirected } from "./forward.js";
import type { Visitor } from "./types.js";

/** A verdict that is read when it is first asked for. */
export class KnownVisitor implements Visitor {
  readonly #core: GateCore;
  readonly #read: () => Verdict;
  readonly #sealed: () => string;
  readonly #open: boolean;
  #verdict: Verdict | undefined;
  #shared = false;

  /** `text` is the verdict as the core wrote it, for sealing. `open`: on a public path. */
  constructor(core: GateCore, read: () => Verdict, text: () => string, open: boolean) {
    this.#core = core;
    this.#open = open;
    this.#read = read;
    this.#sealed = text;
  }

  /** Whether anyone has looked: what was answered may depend on it. */
  get used(): boolean {
    return this.#verdict !== undefined;
  }

  /** Whether `next` has declared that its answer does not depend on the visitor. */
  get shared(): boolean {
    return this.#shared;
  }

  get verdict(): Verdict {
    if (this.#shared) {
      throw new BetterSessionError("VISITOR_READ_LATE", "The visitor was read after visitor.share() had declared that the answer does not depend on it");
    }
    return (this.#verdict ??= this.#read());
  }

  get session(): Session | null {
    return this.verdict.status === "authenticated" ? this.verdict.session : null;
  }

  get user(): User | null {
    return this.verdict.status === "authenticated" ? this.verdict.user : null;
  }

  /** A property, so that `({ share })` works. */
  readonly share = (): void => {
    if (this.#open && !this.used) this.#shared = true;
  };

  /** A property, so that `({ seal })` works. */
  readonly seal = (request: Request): Request => {
    const headers = visitorHeaders(request);
    if (this.verdict.status === "authenticated") {
      const sealed = this.#core.seal(this.#sealed(), request.method, new URL(request.url).pathname);
      if (sealed) headers.set(IDENTITY_HEADER, sealed);
    }
    return redirected(request, request.url, headers);
  };
}
