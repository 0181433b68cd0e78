/** Calls of the auth API: answered from the cookie, or forwarded to the origin. */
import { ownCacheDeletions } from "../own-cache/cookie.js";
import { isStateless } from "../revocation/config.js";
import { bufferJson, copyOf } from "../revocation/request-body.js";
import type { HandledCall } from "../session-handles/call.js";
import type { AnswerAction, ForwardAction } from "./action.js";
import { BODY_READ, isBodyLost } from "./body.js";
import { addsJwt, addsToken } from "./config.js";
import type { Decider } from "./decider.js";
import { readText, type Origin } from "./origin.js";
import type { GateRequest } from "./request.js";
import type { Responder } from "./responder.js";
import { UNAVAILABLE, isOwn, privateResponse, sessionResponse, withSetCookies } from "./responses.js";
import type { RevocationHook } from "./revocation-hook.js";
import { MAX_LOOKUPS, type SessionLookups } from "./session-lookups.js";
import type { Context, GateOptions } from "./types.js";
import { reshaped } from "./verdict.js";

export class AuthCalls {
  readonly #options: GateOptions;
  readonly #decider: Decider;
  readonly #origin: Origin;
  readonly #revocation: RevocationHook | undefined;
  readonly #lookups: SessionLookups;
  readonly #responder: Responder;
  readonly #addsJwt: boolean;
  readonly #addsToken: boolean;

  constructor(
    options: GateOptions,
    decider: Decider,
    origin: Origin,
    revocation: RevocationHook | undefined,
    lookups: SessionLookups,
    responder: Responder,
  ) {
    this.#options = options;
    this.#decider = decider;
    this.#origin = origin;
    this.#revocation = revocation;
    this.#lookups = lookups;
    this.#responder = responder;
    this.#addsJwt = addsJwt(options);
    this.#addsToken = addsToken(options);
  }

  /**
   * Answers `get-session` from the cookie, unless the server responds because it adds a JWT or a bearer token, renews the cookies, or
   * `customSession` fails. If it does not respond in time, the cookie does.
   */
  async getSession(received: Request, ctx: Context, request: GateRequest, action: AnswerAction, setCookies: string[]): Promise<Response> {
    const { customSession } = this.#options;
    const answer = async (body: string) =>
      this.#responder.own(received, sessionResponse(customSession ? await reshaped(customSession, body) : body, setCookies));
    try {
      const addsHeader = this.#addsJwt || this.#origin.sendsJwt || (setCookies.length > 0 && (this.#addsToken || this.#origin.sendsToken));
      if (!addsHeader && !action.byOrigin) return await answer(action.rest);
    } catch {
      // The server's own function decides.
    }
    const path = `${this.#decider.basePath}/get-session`;
    const call = this.call(received, ctx, request, { do: "forward", path, rest: "" }, []);
    const response = (await this.#origin.inTime(call)) ?? this.#responder.error(received, UNAVAILABLE);
    if (!isOwn(response)) return response;
    const again = this.#decider.start(request); // a revocation can have arrived meanwhile
    this.#decider.release(request);
    return again.do === "answer" ? answer(again.rest).catch(() => response) : response;
  }

  /** Forwards a call of the auth API and returns the response as it came; revocation observes both. */
  async call(received: Request, ctx: Context, request: GateRequest, action: ForwardAction, setCookies: string[]): Promise<Response> {
    if (isBodyLost(received)) return this.#responder.error(received, BODY_READ, setCookies);
    const path = action.path.slice(this.#decider.basePath.length);
    const handled = await this.#handled(received, request, path);
    if (handled === null) return this.#responder.unavailable(received, request, "caller_unknown", setCookies);
    received = handled?.request ?? received;
    const { cookie, hasCredential, hasOpaqueCredential } = request;
    const verdict = () => this.#decider.checkCookies(request);
    const observed = await this.#revocation?.observe({ request: received, path, cookie, hasCredential, hasOpaqueCredential, verdict }, ctx);
    if (observed?.request === null) return this.#responder.unavailable(received, request, "caller_unknown");
    const forwarded = this.#forward(observed?.request ?? received, ctx, request, action, path).then(async (response) => {
      await observed?.settle(response);
      return response;
    });
    // A visitor who disconnects must not keep the revocation from being recorded.
    if (observed) ctx?.waitUntil?.(forwarded);
    const answer = await forwarded;
    if (!answer) return this.#responder.unavailable(received, request, "origin_no_response", setCookies);
    const response = handled ? await handled.present(answer) : answer;
    if (!response) return this.#responder.unavailable(received, request, "origin_unreadable", setCookies);
    this.#lookups.forgetMissing(response.headers.getSetCookie());
    if (path === "/get-session" && received.method === "GET") await this.#learnFields(request, response);
    // A call can end or change the session of which the gate's own cache has a copy.
    if (received.method !== "GET") setCookies = [...setCookies, ...ownCacheDeletions(received)];
    const depends = cookie !== "" || hasCredential || received.headers.has("authorization") || response.headers.has("set-cookie");
    return depends ? privateResponse(response, setCookies) : response;
  }

  /** Returns a call that has handles in place of session tokens; null if its caller cannot be looked up, undefined for other calls. */
  async #handled(received: Request, request: GateRequest, path: string): Promise<HandledCall | null | undefined> {
    if (!this.#options.sessionHandles || !/(list|revoke)-(user-)?sessions?\/*$/.test(path)) return undefined;
    const { handledCall } = await import("../session-handles/call.js");
    const [decider, origin] = [this.#decider, this.#origin];
    return handledCall({ received, request, path, decider, origin, isStateless: isStateless(this.#options), readText, bufferJson, copyOf });
  }

  /** Learns from a forwarded response which members of a session the server shows. */
  async #learnFields(request: GateRequest, response: Response): Promise<void> {
    if (!this.#decider.learnsFields || request.hasCredential || request.cookie === "" || response.status !== 200) return;
    const body = await readText(response.clone()).catch(() => "");
    this.#decider.learnFields(request, response.status, body, response.headers.getSetCookie());
  }

  /** Returns null if no response arrived, or if a revocation overtook it twice. */
  async #forward(received: Request, ctx: Context, request: GateRequest, action: ForwardAction, path: string): Promise<Response | null> {
    const { cookie } = request;
    let extra: Record<string, string> = action.bare ? { cookie: this.#decider.withoutCache(cookie) } : {};
    const repeatable = received.method === "GET" && /^\/get-session\/*$/.test(path);
    for (let tries = 0; tries < MAX_LOOKUPS; tries += 1) {
      const start = this.#lookups.start();
      const response = await this.#origin.forward(received, action.path, extra).catch(() => null);
      const setCookies = response?.headers.getSetCookie() ?? [];
      if (!response || !this.#revocation || !this.#decider.setsCache(setCookies)) return response;
      const current = await this.#lookups.currentCookies(ctx, start, setCookies);
      if (!this.#decider.setsOvertaken(cookie, setCookies, start.arrived, start.at)) {
        return current === setCookies ? response : withSetCookies(response, current);
      }
      if (!repeatable) return withSetCookies(response, this.#decider.withoutNewCache(setCookies));
      await response.body?.cancel();
      if (!this.#lookups.mayPassCache(request)) break;
      extra = { cookie: this.#decider.withoutCache(cookie) };
    }
    request.cause = "overtaken";
    return null;
  }
}
