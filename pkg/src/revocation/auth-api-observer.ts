/** Looks on while a call of the auth API passes, and marks whom it changed. The table of paths is the core's. */
import type { Context } from "../gate/types.js";
import type { Origin } from "../gate/origin.js";
import type { PassingCall, Watched } from "../gate/revocation-hook.js";
import type { Verdict } from "../types.js";
import { bufferJson, detached } from "./request-body.js";
import type { Publisher } from "./publisher.js";
import type { MarksHandle } from "./create.js";

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

  constructor(basePath: string, stateless: boolean, marks: MarksHandle, publisher: Publisher, origin: Origin) {
    this.#marks = marks;
    this.#publisher = publisher;
    this.#origin = origin;
    // Without a database the cache cookie is all that the server knows of its visitor.
    const pastCache = stateless ? "" : "disableCookieCache=true&";
    this.#whoami = `${basePath}/get-session?${pastCache}disableRefresh=true`;
  }

  /** Every call is looked at: any answer can set another session, or delete one. */
  async watch({ request, path, cookie, credential, opaque, verdict }: PassingCall, ctx: Context): Promise<Watched> {
    const { method } = request;
    const wants = this.#marks.call((marks) => marks.wants(method, path), BODY | USER);
    if (wants & REFUSE) return { request: null, settle() {} };
    const judged = verdict();
    const proven = callerOf(judged);
    const known: Caller = credential ? { cached: false } : proven;
    const cookies = opaque ? proven : undefined;
    const unknown = (who: Caller) => (wants & USER && !who.userId) || (wants & TOKEN && !who.token);
    // The server can read a session in cookies that the gate refuses to read (two of one name, say), and act on it.
    const unreadable = !credential && isUnreadable(judged) && (wants !== 0 || method !== "GET" || SIGNS_IN.test(path));
    const asks = unreadable || (unknown(known) && (credential || known.token));
    // Without cookie and token there is nobody to look up, unless the origin lets the call through.
    const asked = asks ? await this.#ask(request, known, unreadable) : known;
    // Better Auth's sensitive endpoints read the cookies past an API key, the others the key: both callers are known.
    const beside = cookies?.token && unknown(cookies) ? await this.#ask(cookiesOf(request), cookies) : (cookies ?? { cached: false });
    const sent = asked && beside && (await body(request, wants));
    if (!sent) return { request: null, settle() {} };
    let who = asked;
    return {
      request: sent.request,
      settle: async (response) => {
        const status = response?.status ?? 0;
        if (response?.ok && wants & USER && unknown(who)) who = (await this.#ask(request, who)) ?? who;
        const setCookies = response?.headers.getSetCookie().join("\n") ?? "";
        const newUser = setCookies && (await this.#newUser(request, path, setCookies));
        for (const { token, userId } of beside.token && beside.token !== who.token ? [who, beside] : [who]) {
          const batch = this.#marks.call(
            (marks) => marks.fromCall(method, path, token, userId, sent.json, status, known.cached, credential && !opaque ? "" : cookie, setCookies, newUser || undefined, Date.now()),
            NONE,
          );
          await this.#publisher.publish(batch, ctx);
        }
      },
    };
  }

  /** A lookup of the gate's own: its answer, too, can delete accounts of the device. */
  async observe(cookie: string, setCookies: string[], ctx: Context): Promise<void> {
    if (!setCookies.some((line) => line.includes("_multi-"))) return;
    const lines = setCookies.join("\n");
    const batch = this.#marks.call(
      (marks) => marks.fromCall("GET", "/get-session", undefined, undefined, undefined, 200, false, cookie, lines, undefined, Date.now()),
      NONE,
    );
    await this.#publisher.publish(batch, ctx);
  }

  /** Whose session an answer sets, where that matters and its cookies do not say it. */
  async #newUser(request: Request, path: string, setCookies: string): Promise<string | undefined> {
    const cookie = this.#marks.call((marks) => marks.newSession(path, setCookies, Date.now()), "");
    // Nothing of the visitor's goes along but the new cookies.
    return cookie ? (await this.#ask(new Request(request.url, { headers: { cookie } }), { cached: false }))?.userId : undefined;
  }

  /** The origin says whose call it is: the cache cannot, or a credential header overrides it. Null: it does not say. */
  async #ask(request: Request, known: Caller, allCookies = false): Promise<Caller | null> {
    const { status, body } = await this.#origin.ask(request, this.#whoami, false, { allCookies });
    if (status === 401 || status === 403) return { ...known, cached: false };
    try {
      const { session, user } = JSON.parse(status === 200 ? body : "") ?? {};
      return { token: session?.token ?? known.token, userId: user?.id, cached: false };
    } catch {
      return null;
    }
  }
}

/** Null: the visitor hung up before all of it was there. */
function body(request: Request, wants: number): Promise<{ request: Request; json: string | undefined } | null> {
  if (wants & BODY) return bufferJson(request).catch(() => null);
  return Promise.resolve({ request: detached(request), json: undefined });
}

/** Paths of GETs whose answer can set another session. */
const SIGNS_IN = /\/(?:callback\/|verify)/;

/** Returns whether a session's cookie came that proves nothing here. */
function isUnreadable(verdict: Verdict): boolean {
  return verdict.status === "unauthenticated" && verdict.reason !== "no_cookie" && verdict.reason !== "credential_header";
}

function callerOf(verdict: Verdict): Caller {
  if (verdict.status === "authenticated") return { token: verdict.session.token, userId: verdict.user.id, cached: true };
  return verdict.status === "stale" ? { token: verdict.token, cached: false } : { cached: false };
}

/** A request with the cookies of another and nothing else. */
function cookiesOf(request: Request): Request {
  return new Request(request.url, { headers: { cookie: request.headers.get("cookie") ?? "" } });
}
