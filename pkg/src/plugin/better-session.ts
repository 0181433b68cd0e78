/** The server plugin: its options, its hooks on the database, and what it reports on sign-out. */
import type { BetterAuthPlugin } from "better-auth";
import { hasSessionStore } from "../config.js";
import { assertNotPublished } from "../default-secret.js";
import { databaseHooks } from "./hooks.js";
import { Reporter } from "./reporter.js";

export interface BetterSessionPluginOptions {
  /**
   * URL of the auth API at the gate, for example `https://example.com/api/auth`. One gate is enough, because all read the
   * same feed. Default: the server's own `baseURL`, for servers that are reached through the gate.
   */
  gate?: string;
  /** The `gateSecret` of gates that do not have the server's secret. */
  gateSecret?: string;
  /** The gates' `clockSkew` in seconds, so that revocations live long enough. Default 2. */
  clockSkew?: number;
  /** Milliseconds for which changes are collected before they are sent. Default 10. */
  gather?: number;
  /** Sends a report. Default: `fetch`. */
  fetch?(request: Request): Promise<Response>;
}

/**
 * Creates a Better Auth plugin that reports every session and user that is deleted or changed, for example in an admin's
 * script, a hook or a password reset. Gates observe the calls that pass through them without it.
 *
 * Reports never fail the server's own response: they are sent in the background, several changes at once, with retries for
 * about a minute if a gate cannot be reached. On Workers and Vercel's edge this needs `advanced.backgroundTasks.handler`
 * (`waitUntil`); without it a response waits for its report, at most 5 s. A change takes effect when its report arrives; from
 * then on a revoked session is rejected within the gates' `maxStaleness`. The secret must be the gates' current one: rotate
 * it at the gates first.
 *
 * Sessions that are only in a secondary storage have no database hooks when they end, so only calls through a gate are
 * recorded.
 */
export function betterSession(options: BetterSessionPluginOptions = {}) {
  assertNotPublished(options.gateSecret);
  return {
    id: "better-session",
    init(context) {
      const reporter = new Reporter(
        {
          gate: options.gate ?? context.baseURL,
          secret: options.gateSecret ?? context.secret,
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
