/** What a gate does about revocation: keeps its index fresh, judges calls that pass, hands marks to the feed. */
import { BetterSessionError } from "../error.js";
import type { Gate } from "../runtime/gate.js";
import type { Handle } from "../runtime/handle.js";
import type { GateCore, GateObjects } from "../gate/decider.js";
import type { Origin } from "../gate/origin.js";
import type { Revocation } from "../gate/revocation-hook.js";
import type { GateOptions, Invalidation } from "../gate/types.js";
import { CallWatch } from "./auth-api-observer.js";
import { isStateless } from "./config.js";
import { receiveReport } from "./report-endpoint.js";
import { Publisher } from "./publisher.js";
import { REPORT_PATH } from "./report-path.js";
import { Reader } from "./reader.js";
import type { RevocationOptions } from "./types.js";

export function createRevocation(options: GateOptions, core: GateCore, origin: Origin): Revocation {
  const revocation = options.revocation as RevocationOptions;
  const onError = quietly(revocation.onError ?? ((error) => console.error("better-session: the revocation feed failed", error)));
  const marks = new MarksHandle(core.handle);
  const reader = new Reader(revocation, marks, onError);
  const publisher = new Publisher(revocation.feed, marks, onError);
  const calls = new CallWatch(core.basePath, isStateless(options), marks, publisher, origin);
  return {
    ready: (ctx) => reader.ready(ctx),
    watch: (call, ctx) => calls.watch(call, ctx),
    observe: (cookie, setCookies, ctx) => calls.observe(cookie, setCookies, ctx),
    refresh: (ctx) => reader.refresh(ctx),
    arrived: () => marks.call((core) => core.arrived(), 0),
    report: (request) => (request.url.includes(REPORT_PATH) && core.isBelow(request.url, REPORT_PATH) ? receiveReport(request, marks, publisher) : null),
    async invalidate(what) {
      if (what === "all" && isStateless(options)) throw new BetterSessionError("INVALIDATE_ALL_UNSUPPORTED", EVERYBODY);
      const { token, userId, except } = subjectOf(what);
      const batch = marks.call((core) => core.mark(token, userId, except, Date.now()), NONE);
      await publisher.publish(batch);
    },
  };
}

const NONE = new Uint8Array();

const EVERYBODY = 'Without a database invalidate("all") would sign everybody out. To do that, change session.cookieCache.version on the server and here.';

/** A handler that throws is its own trouble: it must not become the visitor's. */
function quietly(handler: (error: unknown) => void): (error: unknown) => void {
  return (error) => {
    try {
      handler(error);
    } catch {
      // Nobody is left to tell.
    }
  };
}

/** The marks inside the gate's own object: they judge where the gate decides. */
export class MarksHandle {
  readonly #handle: Handle<Gate, GateObjects>;

  constructor(handle: Handle<Gate, GateObjects>) {
    this.#handle = handle;
  }

  /** After a trap the index is a new, empty one that must be read before it is believed: `failed` must not let anybody in. */
  call<R>(use: (marks: GateObjects["marks"]) => R, failed: R): R {
    return this.#handle.call(({ marks }) => use(marks), failed);
  }
}

function subjectOf(what: Invalidation): { token?: string; userId?: string; except?: string } {
  if (what === "all") return {};
  const { token, userId, exceptToken } = (what ?? {}) as { token?: unknown; userId?: unknown; exceptToken?: string };
  if (typeof token === "string") return typeof userId === "string" ? { token, userId } : { token };
  if (typeof userId === "string") return { userId, except: exceptToken };
  throw new BetterSessionError("OPTION_INVALID", 'invalidate takes { token }, { userId, exceptToken? } or "all"');
}
