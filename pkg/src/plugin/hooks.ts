/** Better Auth's database hooks, told to a reporter. */
import type { BetterAuthOptions } from "better-auth";
import { SHORT_LIVED, type Reporter } from "./reporter.js";

type DatabaseHooks = NonNullable<BetterAuthOptions["databaseHooks"]>;

/** As much of an endpoint's context as is used here; there is none outside a request. */
type EndpointContext = { context?: { options?: { advanced?: { backgroundTasks?: { handler?: BackgroundHandler } } } } } | null | undefined;
type BackgroundHandler = (promise: Promise<unknown>) => void;

/** What the server writes when it prolongs a session: no cached copy says anything else after it. */
const PROLONGING = new Set(["expiresAt", "updatedAt"]);

export function databaseHooks(reporter: Reporter): DatabaseHooks {
  const prolonging = new WeakSet<object>();
  const session = (row: unknown, context: unknown) =>
    reporter.report({ token: member(row, "token"), userId: member(row, "userId") }, backgroundOf(context));
  const user = (row: unknown, context: unknown) => reporter.report({ userId: member(row, "id") }, backgroundOf(context));
  const ended: DatabaseHooks = {
    session: { delete: { after: async (row, context) => session(row, context) } },
    user: { delete: { after: async (row, context) => user(row, context) } },
  };
  // Without a database whoever is revoked is signed out: a change of data must not do that.
  if (reporter.stateless) return ended;
  return {
    session: {
      update: {
        // `before` is told the change, `after` the row: the request they share links them.
        async before(change, context) {
          if (context && Object.keys(change).every((name) => PROLONGING.has(name))) prolonging.add(context);
        },
        async after(row, context) {
          if (!context || !prolonging.delete(context)) await session(row, context);
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

/** Milliseconds that an answer waits for its report in such a runtime when the server has no background tasks. */
const PATIENCE = 5000;

/**
 * Keeps a report alive that outlasts its request: `advanced.backgroundTasks.handler` of the server does, a long-lived
 * process needs nothing, and elsewhere the answer waits for the report.
 */
function backgroundOf(context: unknown): (promise: Promise<unknown>) => void | Promise<void> {
  const handler = (context as EndpointContext)?.context?.options?.advanced?.backgroundTasks?.handler;
  return async (promise) => {
    if (handler) handler(promise);
    else if (SHORT_LIVED) await Promise.race([promise, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  };
}
