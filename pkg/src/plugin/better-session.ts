import type { BetterAuthPlugin } from "better-auth";
import { hasSessionStore } from "../config.js";
import { databaseHooks } from "./hooks.js";
import { Reporter } from "./reporter.js";

export interface BetterSessionPluginOptions {
  /**
   * URL of the gate below which the auth API is, as in `https://example.com/api/auth`. One gate is enough: all read
   * the same feed. Default: the server's own `baseURL`, for servers that are reached through the gate.
   */
  gate?: string;
  /** Seconds; the gates' `clockSkew`, so that marks live long enough. Default 2. */
  clockSkew?: number;
  /** Milliseconds that changes are gathered before they are sent. Default 10. */
  gather?: number;
  /** How reports are sent. Default: `fetch`. */
  fetch?(request: Request): Promise<Response>;
}

/**
 * Reports every session and user that is deleted or changed, wherever that was done: in an admin's script, a hook,
 * a password reset. Gates see the calls that pass through them without it.
 *
 * Never in the way of the server's own answer: reports are sent in the background, several changes at once, again
 * when a gate cannot be reached, for about a minute. On Workers and Vercel's edge that takes
 * `advanced.backgroundTasks.handler` (`waitUntil`); without it an answer waits for its report, 5 s at most. A change counts from when its report arrives; then a revoked
 * session is refused within the gates' `maxStaleness`. The secret must be the gates' current one: when it is rotated,
 * the gates come first.
 *
 * Sessions that are kept in a secondary storage alone have no database hooks when they end: what does not pass
 * through a gate is not seen then.
 */
export function betterSession(options: BetterSessionPluginOptions = {}) {
  return {
    id: "better-session",
    init(context) {
      const reporter = new Reporter(
        {
          gate: options.gate ?? context.baseURL,
          secret: context.secret,
          maxAge: context.options.session?.cookieCache?.maxAge,
          stateless: Boolean(context.options.session?.cookieCache?.refreshCache) && !hasSessionStore(context.options),
          clockSkew: options.clockSkew,
          gather: options.gather,
          fetch: options.fetch,
        },
        (message, cause) => context.logger.error(`better-session: ${message}`, cause),
      );
      return { options: { databaseHooks: databaseHooks(reporter) } };
    },
  } satisfies BetterAuthPlugin;
}
