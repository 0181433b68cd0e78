// A Worker before a Better Auth server. It answers what the session cookie can answer, renews sessions through the
// server, and lets nobody in whom the server would refuse.
import { env } from "cloudflare:workers";
import { createSessionGate, durableObjectFeed } from "better-session/edge";

// The log of revocations: one object for all Workers of this name.
export { RevocationLog } from "better-session/edge";

const gate = createSessionGate({
  secret: env.BETTER_AUTH_SECRET, // the server's own
  baseURL: env.BETTER_AUTH_URL, // as visitors call the site; https:// means __Secure- cookies
  session: { cookieCache: { enabled: true } }, // as in betterAuth({ session })
  origin: env.ORIGIN, // where the Better Auth server runs
  routes: {
    optional: ["/"],
    public: ["/sign-in", "/assets/**"],
    fresh: ["/settings/security"],
    signInURL: "/sign-in",
  },
  revocation: { feed: durableObjectFeed(env.REVOCATIONS) },
});

export default {
  // Without the third argument the server at ORIGIN answers, and `export default { fetch: gate.fetch }` would do.
  fetch: (request, env, ctx) => gate.fetch(request, ctx, app),
};

/** The app: a visitor here has a session, or is on a public or optional path. */
async function app(request, { user }) {
  const { pathname } = new URL(request.url);
  switch (pathname) {
    case "/":
      return new Response(user ? `Hello ${user.name}` : "Hello stranger");
    case "/sign-in":
      return new Response("POST /api/auth/sign-in/email, or ask your front end to");
    case "/account":
      return Response.json({ user });
    default:
      return Response.json({ code: "NOT_FOUND", message: "No such page" }, { status: 404 });
  }
}
