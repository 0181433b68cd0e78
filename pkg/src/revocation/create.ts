/** The revocation of one gate: keeps the index fresh, observes calls of the auth API, publishes revocations to the feed. */
import { BetterSessionError } from "../error.js";
import type { Decider } from "../gate/decider.js";
import type { Origin } from "../gate/origin.js";
import type { RevocationHook } from "../gate/revocation-hook.js";
import type { GateOptions, Invalidation } from "../gate/types.js";
import { AuthApiObserver } from "./auth-api-observer.js";
import { isStateless } from "./config.js";
import { IndexHandle } from "./index-handle.js";
import { Publisher } from "./publisher.js";
import { Reader } from "./reader.js";
import { receiveReport } from "./report-endpoint.js";
import { REPORT_PATH } from "./report-path.js";
import type { RevocationOptions } from "./types.js";

const NO_ENTRIES = new Uint8Array();

const ALL_UNSUPPORTED =
  'Without a database invalidate("all") would sign everybody out. To do that, change session.cookieCache.version on the server and here.';

export function createRevocation(options: GateOptions, decider: Decider, origin: Origin): RevocationHook {
  const revocation = options.revocation as RevocationOptions;
  const onError = ignoringErrors(revocation.onError ?? ((error) => console.error("better-session: the revocation feed failed", error)));
  const index = new IndexHandle(decider.handle);
  const publisher = new Publisher(revocation.feed, index, onError);
  const reader = new Reader(options, index, publisher, onError);
  revocation.feed.listen?.(() => reader.wake());
  const observer = new AuthApiObserver(decider.basePath, isStateless(options), index, publisher, origin);
  return {
    ready: (ctx) => reader.ready(ctx),
    observe: (call, ctx) => observer.observe(call, ctx),
    observeLookup: (cookie, setCookies, ctx) => observer.observeLookup(cookie, setCookies, ctx),
    refresh: (ctx) => reader.refresh(ctx),
    current: (ctx) => reader.current(ctx),
    lifetime: () => index.call((index) => index.lifetime(), 0) * 1000,
    arrived: () => index.call((index) => index.arrived(), 0),
    report: (request) =>
      request.url.includes(REPORT_PATH) && decider.isBelow(request.url, REPORT_PATH) ? receiveReport(request, index, publisher) : null,
    async invalidate(what) {
      if (what === "all" && isStateless(options)) throw new BetterSessionError("INVALIDATE_ALL_UNSUPPORTED", ALL_UNSUPPORTED);
      const { token, userId, exceptToken } = subjectOf(what);
      const batch = index.call((index) => index.mark(token, userId, exceptToken, Date.now()), NO_ENTRIES);
      await publisher.publish(batch);
    },
  };
}

/** Wraps the operator's error handler, so that an error that it throws does not reach the visitor. */
function ignoringErrors(handler: (error: unknown) => void): (error: unknown) => void {
  return (error) => {
    try {
      handler(error);
    } catch {
      // No one is left to report to.
    }
  };
}

function subjectOf(what: Invalidation): { token?: string; userId?: string; exceptToken?: string } {
  if (what === "all") return {};
  const { token, userId, exceptToken } = (what ?? {}) as { token?: unknown; userId?: unknown; exceptToken?: string };
  if (typeof token === "string") return typeof userId === "string" ? { token, userId } : { token };
  if (typeof userId === "string") return { userId, exceptToken };
  throw new BetterSessionError("OPTION_INVALID", 'invalidate takes { token }, { userId, exceptToken? } or "all"');
}
