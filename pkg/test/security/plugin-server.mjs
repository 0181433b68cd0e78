// A Better Auth server with the plugin, for any runtime: the plugin comes from whoever runs it. `env` are the bindings of a Worker: URL,
// GATE, SECRET, BACKGROUND "1" if the server is given `waitUntil`, and STATELESS "1" if it has no database.
import { AsyncLocalStorage } from "node:async_hooks";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "@better-auth/memory-adapter";

export function createServer(betterSession, env) {
  const contexts = new AsyncLocalStorage();
  const handler = (promise) => contexts.getStore()?.waitUntil(promise);
  const auth = betterAuth({
    baseURL: env.URL,
    secret: env.SECRET,
    ...(env.STATELESS ? {} : { database: memoryAdapter({ user: [], session: [], account: [], verification: [] }) }),
    emailAndPassword: { enabled: true },
    session: { cookieCache: { enabled: true } },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    advanced: env.BACKGROUND ? { backgroundTasks: { handler } } : {},
    plugins: [betterSession({ gate: `${env.GATE}/api/auth` })],
  });
  return { auth, fetch: (request, ctx = { waitUntil() {} }) => contexts.run(ctx, () => auth.handler(request)) };
}
