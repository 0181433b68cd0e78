/** The visitor, as `next` gets it. */
import { BetterSessionError } from "../error.js";
import type { Session, User } from "../types.js";
import { IDENTITY_HEADER, redirected, visitorHeaders } from "./forward.js";
import type { GateVerdict, Visitor } from "./types.js";

/** A visitor whose verdict is parsed when it is first read. */
export class LazyVisitor implements Visitor {
  readonly #read: () => GateVerdict;
  readonly #encrypt: (method: string, path: string, cookie: string) => string;
  readonly #isPublic: boolean;
  readonly #answer: string | undefined;
  readonly setCookies: readonly string[];
  readonly #open: (verdict: GateVerdict) => AbortSignal;
  #verdict: GateVerdict | undefined;
  #isShared = false;

  /** The signal, once it was read. */
  opened: AbortSignal | undefined;

  /**
   * `encrypt` returns the identity for a method, a path and a `Cookie` header; `answer` is the origin's response; `open`
   * starts the checks of an open connection.
   */
  constructor(
    read: () => GateVerdict,
    encrypt: (method: string, path: string, cookie: string) => string,
    isPublic: boolean,
    setCookies: readonly string[],
    answer: string | undefined,
    open: (verdict: GateVerdict) => AbortSignal,
  ) {
    this.#open = open;
    this.#read = read;
    this.#encrypt = encrypt;
    this.#isPublic = isPublic;
    this.#answer = answer;
    this.setCookies = setCookies;
  }

  /** True once any member was read: the response may depend on the visitor. */
  get isRead(): boolean {
    return this.#verdict !== undefined;
  }

  /** True if `next` has declared that its response does not depend on the visitor. */
  get isShared(): boolean {
    return this.#isShared;
  }

  get verdict(): GateVerdict {
    if (this.#isShared) {
      throw new BetterSessionError(
        "VISITOR_READ_LATE",
        "The visitor was read after visitor.share() had declared that the response does not depend on it",
      );
    }
    return (this.#verdict ??= this.#read());
  }

  get session(): Session | null {
    return this.verdict.status === "authenticated" ? this.verdict.session : null;
  }

  get user(): User | null {
    return this.verdict.status === "authenticated" ? this.verdict.user : null;
  }

  get originSession(): unknown {
    return this.verdict.status === "authenticated" && this.#answer ? JSON.parse(this.#answer) : null;
  }

  get signal(): AbortSignal {
    return (this.opened ??= this.#open(this.verdict));
  }

  /** A property, so that `({ share })` works. */
  readonly share = (): void => {
    if (this.#isPublic && !this.isRead) this.#isShared = true;
  };

  /** A property, so that `({ seal })` works. */
  readonly seal = (request: Request): Request => {
    const headers = visitorHeaders(request);
    const identity = this.verdict && this.identity(request.method, new URL(request.url).pathname, headers.get("cookie"));
    if (identity) headers.set(IDENTITY_HEADER, identity);
    return redirected(request, request.url, headers);
  };

  /**
   * Returns the visitor's identity, encrypted for this method, path and `Cookie` header, or "" if signed out. Does not count as reading the
   * visitor: with an identity the response is private by the cookies that prove it.
   */
  identity(method: string, path: string, cookie: string | null): string {
    const { status } = this.#verdict ?? this.#read();
    return status === "authenticated" ? this.#encrypt(method, path, cookie ?? "") : "";
  }
}
