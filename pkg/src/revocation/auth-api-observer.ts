/** Observes calls of the auth API and records the revocations that they cause. gate.wasm has the table of endpoints. */
import type { Origin } from "../gate/origin.js";
import type { AuthApiCall, ObservedCall } from "../gate/revocation-hook.js";
import type { Context } from "../gate/types.js";
import type { Verdict } from "../types.js";
import type { IndexHandle } from "./index-handle.js";
import type { Publisher } from "./publisher.js";
import { bufferJson, detached } from "./request-body.js";

/** Bits of what has to be known of a call. */
const NEEDS_BODY = 1;
const NEEDS_USER = 2;
const NEEDS_TOKEN = 4;
/** The call must not be forwarded: the index has no room to record the revocations. */
const MUST_REJECT = 8;

const NO_ENTRIES = new Uint8Array();

const REJECTED: ObservedCall = { request: null, settle() {} };

interface Caller {
  token?: string;
  userId?: string;
  /** The cache verified, so a response that sets a new one does more than renew it. */
  cached: boolean;
}

const ANONYMOUS: Caller = { cached: false };

export class AuthApiObserver {
  readonly #index: IndexHandle;
  readonly #publisher: Publisher;
  readonly #origin: Origin;
  readonly #callerLookup: string;

  constructor(basePath: string, stateless: boolean, index: IndexHandle, publisher: Publisher, origin: Origin) {
    this.#index = index;
    this.#publisher = publisher;
    this.#origin = origin;
    // Without a database the cache cookie is all that the server knows of its visitor.
    const pastCache = stateless ? "" : "disableCookieCache=true&";
    this.#callerLookup = `${basePath}/get-session?${pastCache}disableRefresh=true`;
  }

  /** Observes one call. Every call counts: any response can set another session, or delete one. */
  async observe({ request, path, cookie, hasCredential, hasOpaqueCredential, verdict }: AuthApiCall, ctx: Context): Promise<ObservedCall> {
    const { method } = request;
    const needs = this.#index.call((index) => index.wants(method, path), NEEDS_BODY | NEEDS_USER);
    if (needs & MUST_REJECT) return REJECTED;
    const cookieVerdict = verdict();
    const byCookies = callerOf(cookieVerdict);
    const known = hasCredential ? ANONYMOUS : byCookies;
    const beside = hasOpaqueCredential ? byCookies : ANONYMOUS;
    const isUnknown = (caller: Caller) => (needs & NEEDS_USER && !caller.userId) || (needs & NEEDS_TOKEN && !caller.token);
    // The server can read a session in cookies that the gate refuses to read (two of one name, say), and act on it.
    const unreadable = !hasCredential && isUnreadable(cookieVerdict) && (needs !== 0 || method !== "GET" || SIGNS_IN.test(path));
    // A caller with neither cookie nor token is looked up only after the origin has accepted the call.
    const looksUp = unreadable || (isUnknown(known) && (hasCredential || known.token));
    const caller = looksUp ? await this.#lookUp(request, known, unreadable) : known;
    // Better Auth's sensitive endpoints use the cookies even beside an API key, the others use the key: both callers are recorded.
    const cookieCaller = beside.token && isUnknown(beside) ? await this.#lookUp(cookiesOf(request), beside) : beside;
    const sent = caller && cookieCaller && (await prepare(request, needs));
    if (!sent) return REJECTED;
    return {
      request: sent.request,
      settle: async (response) => {
        const status = response?.status ?? 0;
        const accepted = response?.ok && needs & NEEDS_USER && isUnknown(caller);
        const who = (accepted && (await this.#lookUp(request, caller))) || caller;
        const setCookies = response?.headers.getSetCookie().join("\n") ?? "";
        const newUser = setCookies && (await this.#newUser(request, path, setCookies));
        const callers = cookieCaller.token && cookieCaller.token !== who.token ? [who, cookieCaller] : [who];
        for (const { token, userId } of callers) {
          const batch = this.#index.call(
            (index) =>
              index.fromCall(
                method,
                path,
                token,
                userId,
                sent.json,
                status,
                known.cached,
                hasCredential && !hasOpaqueCredential ? "" : cookie,
                setCookies,
                newUser || undefined,
                Date.now(),
              ),
            NO_ENTRIES,
          );
          await this.#publisher.publish(batch, ctx);
        }
      },
    };
  }

  /** Observes the response to a lookup of the gate's own, which can delete accounts of the device too. */
  async observeLookup(cookie: string, setCookies: string[], ctx: Context): Promise<void> {
    if (!setCookies.some((line) => line.includes("_multi-"))) return;
    const lines = setCookies.join("\n");
    const batch = this.#index.call(
      (index) => index.fromCall("GET", "/get-session", undefined, undefined, undefined, 200, false, cookie, lines, undefined, Date.now()),
      NO_ENTRIES,
    );
    await this.#publisher.publish(batch, ctx);
  }

  /** Returns the user whose session a response sets, if that matters and its cookies do not contain it. */
  async #newUser(request: Request, path: string, setCookies: string): Promise<string | undefined> {
    const cookie = this.#index.call((index) => index.newSession(path, setCookies, Date.now()), "");
    // The lookup carries the new cookies and none of the visitor's headers.
    return cookie ? (await this.#lookUp(new Request(request.url, { headers: { cookie } }), ANONYMOUS))?.userId : undefined;
  }

  /** Looks a caller up at the origin, if the cache does not prove it or a credential header overrides it. Returns null if that fails. */
  async #lookUp(request: Request, known: Caller, allCookies = false): Promise<Caller | null> {
    const { status, body } = await this.#origin.lookUp(request, this.#callerLookup, false, { allCookies });
    if (status === 401 || status === 403) return { ...known, cached: false };
    try {
      const { session, user } = JSON.parse(status === 200 ? body : "") ?? {};
      return { token: session?.token ?? known.token, userId: user?.id, cached: false };
    } catch {
      return null;
    }
  }
}

/** Returns the request to forward and its JSON body if needed; null if the visitor disconnected while sending it. */
function prepare(request: Request, needs: number): Promise<{ request: Request; json: string | undefined } | null> {
  if (needs & NEEDS_BODY) return bufferJson(request).catch(() => null);
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
  return verdict.status === "stale" ? { token: verdict.token, cached: false } : ANONYMOUS;
}

/** Returns a request with the cookies of another and none of its other headers. */
function cookiesOf(request: Request): Request {
  return new Request(request.url, { headers: { cookie: request.headers.get("cookie") ?? "" } });
}
