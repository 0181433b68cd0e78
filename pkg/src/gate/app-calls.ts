/** Requests that are let through to the app: in this process, or behind the origin. */
import type { ForwardAction, NextAction } from "./action.js";
import { BODY_READ, isBodyLost } from "./body.js";
import { IDENTITY_HEADER, appHeaders, hasCredentials, queryOf, redirected, siteOf } from "./forward.js";
import { observed } from "./guard.js";
import type { GateParts } from "./parts.js";
import type { GateRequest } from "./request.js";
import { REFUSED, isOwn, privateResponse } from "./responses.js";
import type { Context, GateVerdict, Next } from "./types.js";
import { bounded } from "../verifier/input.js";
import { LazyVisitor } from "./visitor.js";

export class AppCalls {
  readonly #parts: GateParts;

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  /**
   * Calls the app in this process. On a public path the response is private if the request has a session and the app has
   * not called `share`: the body may read the visitor while it streams, after the headers have left.
   */
  async next(
    received: Request,
    ctx: Context,
    request: GateRequest,
    action: NextAction,
    setCookies: string[],
    visitor: LazyVisitor,
    next: Next,
  ): Promise<Response> {
    const { source, nobody } = action;
    const headers = appHeaders(received, this.#parts.options);
    const cookie = this.#cookieFor(request, action, setCookies);
    if (cookie !== undefined) headers.set("cookie", cookie);
    const start = this.#parts.lookups.start();
    const answer = await next(redirected(received, siteOf(received.url) + action.path + queryOf(received.url), headers), visitor);
    if (isOwn(answer)) this.#parts.responder.own(received, answer); // of requireFresh, or of an adapter
    const response = await this.#parts.lookups.withoutOvertaken(ctx, request, start, answer);
    this.#parts.lookups.forgetMissing(response.headers.getSetCookie());
    const mayDepend = nobody || visitor.isRead || setCookies.length > 0 || this.#hasSession(received, request);
    const depends = source || request.hasCredential || (mayDepend && !(visitor.isShared && setCookies.length === 0));
    const ready = depends ? privateResponse(response, setCookies) : response;
    return visitor.opened ? observed(answer, ready, visitor.opened) : ready;
  }

  /** Returns the visitor of a request that is let through. On a public path the cookies are checked when it is first read. */
  visitor(
    received: Request,
    ctx: Context,
    request: GateRequest,
    action: NextAction | ForwardAction,
    setCookies: readonly string[],
  ): LazyVisitor {
    const { source, rest } = action;
    const isPublic = !source && !("nobody" in action);
    const read = () => (isPublic ? this.#parts.decider.check(request) : rest ? this.#parts.decider.parse(action) : REFUSED);
    const start = this.#parts.lookups.start();
    const open = (verdict: GateVerdict) =>
      this.#parts.connections.signal(received, this.#parts.connections.describe(received, request, verdict, start), ctx);
    const encrypt = (method: string, path: string, cookie: string) =>
      this.#parts.decider.encryptIdentity(request, source ? rest : JSON.stringify(read()), method, path, bounded(cookie));
    return new LazyVisitor(read, encrypt, !source, setCookies, action.answer, open);
  }

  /** Returns whether a request carries session cookies, valid or not, or another credential. */
  #hasSession(received: Request, request: GateRequest): boolean {
    return (
      (request.cookie !== "" && this.#parts.decider.sessionCookies(received.headers.get("cookie") ?? "") !== "") ||
      hasCredentials(received, this.#parts.options)
    );
  }

  /** Forwards a request to the app behind the origin, with the visitor's identity encrypted. */
  async passOn(received: Request, ctx: Context, request: GateRequest, action: NextAction, setCookies: string[]): Promise<Response> {
    if (isBodyLost(received)) return this.#parts.responder.error(received, BODY_READ, setCookies);
    const extra: Record<string, string> = {};
    const cookie = this.#cookieFor(request, action, setCookies);
    if (cookie !== undefined) extra.cookie = cookie;
    if (action.source) {
      extra[IDENTITY_HEADER] = this.#parts.decider.encryptIdentity(
        request,
        action.rest,
        received.method,
        action.path,
        cookie ?? request.cookie,
      );
    }
    try {
      const start = this.#parts.lookups.start();
      const response = await this.#parts.lookups.withoutOvertaken(
        ctx,
        request,
        start,
        await this.#parts.origin.forward(received, action.path, extra),
      );
      this.#parts.lookups.forgetMissing(response.headers.getSetCookie());
      return action.source || action.nobody || request.hasCredential ? privateResponse(response, setCookies) : response;
    } catch {
      return this.#parts.responder.unavailable(received, request, "origin_no_response", setCookies);
    }
  }

  /**
   * Returns the `Cookie` header to send on, with the origin's new cookies in place of the old cache, or undefined to keep
   * the one that came. On a public path no lookup was made: with revocation the app does not get a revoked cache.
   */
  #cookieFor(request: GateRequest, { source }: NextAction, setCookies: string[]): string | undefined {
    if (request.hasCredential) {
      // The cache may be another person's than the credential, and it was not checked for revocations.
      const keep = request.cookie === "" || (!source && !this.#parts.revocation);
      return keep ? undefined : this.#parts.decider.withoutCache(request.cookie);
    }
    if (source === "origin" || setCookies.length > 0) return this.#parts.decider.cookieAfter(request.cookie, setCookies);
    if (source || !this.#parts.revocation || request.cookie === "") return undefined;
    return this.#parts.decider.isInvalidated(request) ? this.#parts.decider.withoutCache(request.cookie) : undefined;
  }
}
