/** Looks on while a call of the auth API passes, and marks whom it changed. The table of paths is the core's. */
import type { GateOptions, Context } from "../types.js";
import type { Origin } from "../origin.js";
import type { PassingCall, Watched } from "../seam.js";
import type { Verdict } from "../../types.js";
import { bufferJson, detached } from "./body.js";
import { basePathOf, isStateless } from "./config.js";
import type { Publisher } from "./publisher.js";
import type { MarksHandle } from "./revocation.js";

/** Bits of what a call needs to be known. */
const BODY = 1;
const USER = 2;
const TOKEN = 4;
/** The call must not be sent: there is no room to record whose sessions it ends. */
const REFUSE = 8;

const NONE = new Uint8Array();

interface Caller {
  token?: string;
  userId?: string;
  /** The cache verified: an answer that sets one anew is more than a renewal. */
  cached: boolean;
}

export class CallWatch {
  readonly #marks: MarksHandle;
  readonly #publisher: Publisher;
  readonly #origin: Origin;
  readonly #whoami: string;
  readonly #cookies: RegExp;
  readonly #tokenCookie: RegExp;

  constructor(options: GateOptions, marks: MarksHandle, publisher: Publisher, origin: Origin) {
    this.#marks = marks;
    this.#publisher = publisher;
    this.#origin = origin;
    // Without a database the cache cookie is all that the server knows of its visitor.
    const pastCache = isStateless(options) ? "" : "disableCookieCache=true&";
    this.#whoami = `${basePathOf(options)}/get-session?${pastCache}disableRefresh=true`;
    const named = (key: string) => escape(options.advanced?.cookies?.[key]?.name || key);
    this.#tokenCookie = new RegExp(`${named("session_token")}=`);
    this.#cookies = new RegExp(`${named("session_token")}=|${named("session_data")}(\\.0)?=`);
  }

  /** Null: whatever comes of it, it changes nobody. */
  watch({ request, path, verdict }: PassingCall, ctx: Context): Promise<Watched> | null {
    const { method } = request;
    if (/^\/get-session\/*$/.test(path) || ((method === "GET" || method === "HEAD") && !/^\/(verify-email|delete-user)/.test(path))) return null;
    return this.#watch(request, path, callerOf(verdict()), ctx);
  }

  async #watch(request: Request, path: string, caller: Caller, ctx: Context): Promise<Watched> {
    const { method } = request;
    const wants = this.#marks.call((marks) => marks.wants(method, path), BODY | USER);
    if (wants & REFUSE) return { request: null, settle() {} };
    const bearer = request.headers.has("authorization");
    const known: Caller = bearer ? { cached: false } : caller;
    const unknown = (who: Caller) => (wants & USER && !who.userId) || (wants & TOKEN && !who.token);
    // Nobody is asked about whoever shows neither cookie nor token, unless the origin lets them through.
    const asked = unknown(known) && (bearer || known.token) ? await this.#ask(request, known) : known;
    const sent = asked && (await body(request, wants));
    if (!sent) return { request: null, settle() {} };
    let who = asked;
    return {
      request: sent.request,
      settle: async (response) => {
        const status = response?.status ?? 0;
        if (response?.ok && wants & USER && unknown(who)) who = (await this.#ask(request, who)) ?? who;
        const renews = response !== null && this.#changes(response, known.cached);
        const batch = this.#marks.call(
          (marks) => marks.fromCall(method, path, who.token, who.userId, sent.json, status, renews, Date.now()),
          NONE,
        );
        await this.#publisher.publish(batch, ctx);
      },
    };
  }

  /** The origin says whose call it is: the cache cannot, or an `Authorization` header overrides it. Null: it does not say. */
  async #ask(request: Request, known: Caller): Promise<Caller | null> {
    const { status, body } = await this.#origin.ask(request, this.#whoami, false);
    if (status === 401 || status === 403) return { ...known, cached: false };
    try {
      const { session, user } = JSON.parse(status === 200 ? body : "") ?? {};
      return { token: session?.token ?? known.token, userId: user?.id, cached: false };
    } catch {
      return null;
    }
  }

  /**
   * Whether an answer changes the caller's session: it sets the session's cookie, or the cache where one verified. A
   * cache set where none did is a renewal.
   */
  #changes(response: Response, cached: boolean): boolean {
    const names = cached ? this.#cookies : this.#tokenCookie;
    return response.headers.getSetCookie().some((line) => names.test(line.slice(0, line.indexOf("=") + 1)));
  }
}

/** Null: the visitor hung up before all of it was there. */
function body(request: Request, wants: number): Promise<{ request: Request; json: string | undefined } | null> {
  if (wants & BODY) return bufferJson(request).catch(() => null);
  return Promise.resolve({ request: detached(request), json: undefined });
}

function callerOf(verdict: Verdict): Caller {
  if (verdict.status === "authenticated") return { token: verdict.session.token, userId: verdict.user.id, cached: true };
  return verdict.status === "stale" ? { token: verdict.token, cached: false } : { cached: false };
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
