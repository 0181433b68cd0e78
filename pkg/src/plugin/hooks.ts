/** Database hooks of Better Auth that report changes. */
import type { BetterAuthOptions } from "better-auth";
import { SHORT_LIVED, type Reporter } from "./reporter.js";

type DatabaseHooks = NonNullable<BetterAuthOptions["databaseHooks"]>;

/** The part of an endpoint's context that is used here; outside a request there is none. */
type EndpointContext = { context?: { options?: { advanced?: { backgroundTasks?: { handler?: BackgroundHandler } } } } } | null | undefined;
type BackgroundHandler = (promise: Promise<unknown>) => void;

/** Members that the server writes when it extends a session, which makes no cache wrong. */
const EXTENDING = new Set(["expiresAt", "updatedAt"]);

export function databaseHooks(reporter: Reporter): DatabaseHooks {
  const extending = new WeakSet<object>();
  const session = (row: unknown, context: unknown) =>
    reporter.report({ token: member(row, "token"), userId: member(row, "userId") }, backgroundOf(context));
  const user = (row: unknown, context: unknown) => reporter.report({ userId: member(row, "id") }, backgroundOf(context));
  const ended: DatabaseHooks = {
    session: { delete: { after: async (row, context) => session(row, context) } },
    user: { delete: { after: async (row, context) => user(row, context) } },
  };
  // Without a database a revocation signs the user out, which a change of data must not do.
  if (reporter.stateless) return ended;
  return {
    session: {
      update: {
        // `before` gets the change and `after` the row; both get the same context.
        async before(change, context) {
          if (context && Object.keys(change).every((name) => EXTENDING.has(name))) extending.add(context);
        },
        async after(row, context) {
          if (!context || !extending.delete(context)) await session(row, context);
        },
      },
      ...ended.session,
    },
    user: {
      update: { after: async (row, context) => user(row, context) },
      ...ended.user,
    },
  };
}

function member(row: unknown, name: string): string | undefined {
  const value = (row as Record<string, unknown> | null)?.[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** Milliseconds for which a response waits for its report if the runtime is short-lived and the server has no background tasks. */
const MAX_WAIT = 5000;

/**
 * Returns a function that keeps a report running after its request has ended: with `advanced.backgroundTasks.handler` of the
 * server. A long-lived process needs none, and in other runtimes the response waits for the report.
 */
function backgroundOf(context: unknown): (promise: Promise<unknown>) => void | Promise<void> {
  const handler = (context as EndpointContext)?.context?.options?.advanced?.backgroundTasks?.handler;
  return async (promise) => {
    if (handler) handler(promise);
    else if (SHORT_LIVED) await Promise.race([promise, new Promise((resolve) => setTimeout(resolve, MAX_WAIT))]);
  };
}
