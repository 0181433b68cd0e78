import type { MiddlewareHandler } from "astro";
import { createSessionGate, memoryFeed } from "better-session/edge";
import { sessionMiddleware } from "better-session/astro";

const gate = createSessionGate({
  secret: process.env.BETTER_AUTH_SECRET, // the server's own
  baseURL: process.env.BETTER_AUTH_URL ?? "http://localhost:8787", // as visitors call the site
  session: { cookieCache: { enabled: true } }, // as in betterAuth({ session })
  origin: process.env.AUTH_ORIGIN ?? "http://localhost:3000", // where the Better Auth server runs
  routes: { public: ["/", "/sign-in"], signInURL: "/sign-in" },
  revocation: { feed: memoryFeed() }, // one process; several need a shared feed
});

export const onRequest: MiddlewareHandler = sessionMiddleware(gate);
