/** Better Auth's database hooks, told to a reporter. */
import type { BetterAuthOptions } from "better-auth";
import type { Reporter } from "./reporter.js";

type DatabaseHooks = NonNullable<BetterAuthOptions["databaseHooks"]>;

/** As much of an endpoint's context as is used here; there is none outside a request. */
type EndpointContext = { context?: { runInBackground?: (promise: Promise<unknown>) => void } } | null | undefined;

/** What the server writes when it prolongs a session: no cached copy says anything else after it. */
const PROLONGING = new Set(["expiresAt", "updatedAt"]);

export function databaseHooks(reporter: Reporter): DatabaseHooks {
  const prolonging = new WeakSet<object>();
  const session = (row: unknown, context: unknown) => reporter.report({ token: member(row, "token") }, backgroundOf(context));
  const user = (row: unknown, context: unknown) => reporter.report({ userId: member(row, "id") }, backgroundOf(context));
  return {
    session: {
      update: {
        // `before` is told the change, `after` the row: the request they share links them.
        async before(change, context) {
          if (context && Object.keys(change).every((name) => PROLONGING.has(name))) prolonging.add(context);
        },
        async after(row, context) {
          if (!context || !prolonging.delete(context)) session(row, context);
        },
      },
      delete: { after: async (row, context) => session(row, context) },
    },
    user: {
      update: { after: async (row, context) => user(row, context) },
      delete: { after: async (row, context) => user(row, context) },
    },
  };
}

function member(row: unknown, name: string): string | undefined {
  const value = (row as Record<string, unknown> | null)?.[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** Where the server keeps work alive that outlasts its answer; without it a long-lived process does. */
function backgroundOf(context: unknown): (promise: Promise<unknown>) => void {
  const run = (context as EndpointContext)?.context?.runInBackground;
  return (promise) => (run ? run(promise) : void promise);
}
