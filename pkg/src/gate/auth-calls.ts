/** Calls of the auth API: answered from the cookie, or forwarded to the origin. */
import { ownCacheDeletions } from "../own-cache/cookie.js";
import { isStateless } from "../revocation/config.js";
import { bufferJson, copyOf } from "../revocation/request-body.js";
import type { HandledCall } from "../session-handles/call.js";
import type { AnswerAction, ForwardAction } from "./action.js";
import { BODY_READ, isBodyLost } from "./body.js";
import { addsJwt, addsToken } from "./config.js";
import { readText } from "./origin.js";
import type { GateParts } from "./parts.js";
import type { GateRequest } from "./request.js";
import { UNAVAILABLE, isOwn, privateResponse, sessionResponse, withSetCookies } from "./responses.js";
import { MAX_LOOKUPS } from "./session-lookups.js";
import type { Context } from "./types.js";
import { reshaped } from "./verdict.js";

export class AuthCalls {
  readonly #parts: GateParts;
  readonly #addsJwt: boolean;
  readonly #addsToken: boolean;

  constructor(parts: GateParts) {
    this.#parts = parts;
    this.#addsJwt = addsJwt(parts.options);
    this.#addsToken = addsToken(parts.options);
  }

  /**
   * Answers `get-session` from the cookie, unless the server responds because it adds a JWT or a bearer token, renews the cookies, or
   * `customSession` fails. If it does not respond in time, the cookie does.
   */
  async getSession(received: Request, ctx: Context, request: GateRequest, action: AnswerAction, setCookies: string[]): Promise<Response> {
    const { customSession } = this.#parts.options;
    const answer = async (body: string) =>
      this.#parts.responder.own(received, sessionResponse(customSession ? await reshaped(customSession, body) : body, setCookies));
    try {
      const addsHeader =
        this.#addsJwt || this.#parts.origin.sendsJwt || (setCookies.length > 0 && (this.#addsToken || this.#parts.origin.sendsToken));
      if (!addsHeader && !action.byOrigin) return await answer(action.rest);
    } catch {
      // The server's own function decides.
    }
    const path = `${this.#parts.decider.basePath}/get-session`;
    const call = this.call(received, ctx, request, { do: "forward", path, rest: "" }, []);
    const response = (await this.#parts.origin.inTime(call)) ?? this.#parts.responder.error(received, UNAVAILABLE);
    if (!isOwn(response)) return response;
    const again = this.#parts.decider.start(request); // a revocation can have arrived meanwhile
    this.#parts.decider.release(request);
    return again.do === "answer" ? answer(again.rest).catch(() => response) : response;
  }

  /** Forwards a call of the auth API and returns the response as it came; revocation observes both. */
  async call(received: Request, ctx: Context, request: GateRequest, action: ForwardAction, setCookies: string[]): Promise<Response> {
    if (isBodyLost(received)) return this.#parts.responder.error(received, BODY_READ, setCookies);
    const path = action.path.slice(this.#parts.decider.basePath.length);
    const handled = await this.#handled(received, request, path);
    if (handled === null) return this.#parts.responder.unavailable(received, request, "caller_unknown", setCookies);
    received = handled?.request ?? received;
    const { cookie, hasCredential, hasOpaqueCredential } = request;
    const verdict = () => this.#parts.decider.checkCookies(request);
    const observed = await this.#parts.revocation?.observe(
      { request: received, path, cookie, hasCredential, hasOpaqueCredential, verdict },
      ctx,
    );
    if (observed?.request === null) return this.#parts.responder.unavailable(received, request, "caller_unknown");
    const forwarded = this.#forward(observed?.request ?? received, ctx, request, action, path).then(async (response) => {
      await observed?.settle(response);
      return response;
    });
    // A visitor who disconnects must not keep the revocation from being recorded.
    if (observed) ctx?.waitUntil?.(forwarded);
    const answer = await forwarded;
    if (!answer) return this.#parts.responder.unavailable(received, request, "origin_no_response", setCookies);
    const response = handled ? await handled.present(answer) : answer;
    if (!response) return this.#parts.responder.unavailable(received, request, "origin_unreadable", setCookies);
    this.#parts.lookups.forgetMissing(response.headers.getSetCookie());
    if (path === "/get-session" && received.method === "GET") await this.#learnFields(request, response);
    // A call can end or change the session of which the gate's own cache has a copy.
    if (received.method !== "GET") setCookies = [...setCookies, ...ownCacheDeletions(received)];
    const depends = cookie !== "" || hasCredential || received.headers.has("authorization") || response.headers.has("set-cookie");
    return depends ? privateResponse(response, setCookies) : response;
  }

  /** Returns a call that has handles in place of session tokens; null if its caller cannot be looked up, undefined for other calls. */
  async #handled(received: Request, request: GateRequest, path: string): Promise<HandledCall | null | undefined> {
    if (!this.#parts.options.sessionHandles || !/(list|revoke)-(user-)?sessions?\/*$/.test(path)) return undefined;
    const { handledCall } = await import("../session-handles/call.js");
    const [decider, origin] = [this.#parts.decider, this.#parts.origin];
    return handledCall({
      received,
      request,
      path,
      decider,
      origin,
      isStateless: isStateless(this.#parts.options),
      readText,
      bufferJson,
      copyOf,
    });
  }

  /** Learns from a forwarded response which members of a session the server shows. */
  async #learnFields(request: GateRequest, response: Response): Promise<void> {
    if (!this.#parts.decider.learnsFields || request.hasCredential || request.cookie === "" || response.status !== 200) return;
    const body = await readText(response.clone()).catch(() => "");
    this.#parts.decider.learnFields(request, response.status, body, response.headers.getSetCookie());
  }

  /** Returns null if no response arrived, or if a revocation overtook it twice. */
  async #forward(received: Request, ctx: Context, request: GateRequest, action: ForwardAction, path: string): Promise<Response | null> {
    const { cookie } = request;
    let extra: Record<string, string> = action.bare ? { cookie: this.#parts.decider.withoutCache(cookie) } : {};
    const repeatable = received.method === "GET" && /^\/get-session\/*$/.test(path);
    for (let tries = 0; tries < MAX_LOOKUPS; tries += 1) {
      const start = this.#parts.lookups.start();
      const response = await this.#parts.origin.forward(received, action.path, extra).catch(() => null);
      const setCookies = response?.headers.getSetCookie() ?? [];
      if (!response || !this.#parts.revocation || !this.#parts.decider.setsCache(setCookies)) return response;
      const current = await this.#parts.lookups.currentCookies(ctx, start, setCookies);
      if (!this.#parts.decider.setsOvertaken(cookie, setCookies, start.arrived, start.at)) {
        return current === setCookies ? response : withSetCookies(response, current);
      }
      if (!repeatable) return withSetCookies(response, this.#parts.decider.withoutNewCache(setCookies));
      await response.body?.cancel();
      if (!this.#parts.lookups.mayPassCache(request)) break;
      extra = { cookie: this.#parts.decider.withoutCache(cookie) };
    }
    request.cause = "overtaken";
    return null;
  }
}
