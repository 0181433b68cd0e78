// The service that a proxy asks before it forwards a visitor's request. Only the proxy may reach it.
import { createServer } from "node:http";
import { createSessionGate, memoryFeed, nodeListener } from "better-session/edge";

const gate = createSessionGate({
  secret: process.env.BETTER_AUTH_SECRET, // the server's own
  baseURL: process.env.BETTER_AUTH_URL ?? "http://localhost:8787", // as visitors call the site
  session: { cookieCache: { enabled: true } }, // as in betterAuth({ session })
  origin: process.env.AUTH_ORIGIN ?? "http://localhost:3000", // where the Better Auth server runs
  routes: { public: ["/", "/sign-in"], signInURL: "/sign-in" },
  revocation: { feed: memoryFeed() }, // the server's plugin reports to it: see docs/revocation.md
  trustProxy: true, // the proxy sets the headers below, and x-forwarded-*
  forwardAuth: { method: "x-forwarded-method", uri: "x-forwarded-uri", redirect: process.env.REDIRECT !== "false" },
});

// The proxy sends the reports of the server's plugin here, and asks on every other path.
const reports = "/api/auth/better-session/marks";
const handler = (request, ctx) => (new URL(request.url).pathname === reports ? gate.fetch(request, ctx) : gate.forwardAuth(request, ctx));
createServer(nodeListener({ fetch: handler })).listen(Number(process.env.PORT ?? 4000), process.env.HOST ?? "localhost");
