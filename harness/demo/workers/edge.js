// The Worker in front of Better Auth. Two instances run in separate isolates, as in two locations: one for the laptop, one for the phone.

import { createSessionGate, durableObjectFeed } from "better-session/edge";
import { SECRET, sessionOptions } from "../settings.mjs";

export { RevocationLog } from "better-session/edge";

// #snippet The Worker: a gate before the server
function createGate(strategy, env) {
  return createSessionGate({
    secret: SECRET,
    session: sessionOptions(strategy), // betterAuth()’s own
    origin: env.ORIGINS[strategy], // where that runs
    routes: { public: ["/api/cookie"] },
    revocation: { feed: durableObjectFeed(env.REVOCATIONS) },
  });
}
// #end

const gates = {};

export default {
  fetch(request, env, ctx) {
    const strategy = request.headers.get("x-demo-strategy");
    const gate = (gates[strategy] ??= createGate(strategy, env));
    return gate.fetch(request, ctx, (allowed, context) => respond(allowed, context, gate, env, strategy));
  },
};

/** Handles the requests that the gate allowed: except on public paths they have a session. */
function respond(request, { verdict, user, session }, gate, env, strategy) {
  const { pathname, searchParams } = new URL(request.url);
  if (pathname === "/api/me") return Response.json({ user, session, verdict: gate.check(request), edge: env.EDGE });
  // A Worker's clock stands still while it computes, so the page times one request with many checks and one with a single check.
  for (let i = Math.min(searchParams.get("checks") ?? 1, 2000); i > 1; i -= 1) gate.check(request);
  if (pathname === "/api/cookie") return Response.json({ cookie: request.headers.get("cookie") ?? "", verdict, edge: env.EDGE });
  if (pathname === "/demo/age") return fetch(new URL("/demo/age", env.ORIGINS[strategy]), request);
  return Response.json({ code: "NOT_FOUND", message: "The demo's site has no such page." }, { status: 404 });
}
