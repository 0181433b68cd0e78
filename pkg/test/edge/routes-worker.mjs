// A Worker whose routes have predicates, which no binding can hold. NEXT "none": the app is behind the origin.
import { createSessionGate } from "better-session/edge";

const when = {
  "/admin/**": ({ user }) => user.name === "Admin",
  "/admin/billing": async ({ user }) => user.email.startsWith("boss"),
  "/answer": () => Response.json({ said: "no" }, { status: 402, headers: { "cache-control": "public", "set-cookie": "seen=1" } }),
  "/throws": () => {
    throw new Error("the predicate's own error");
  },
  "/truthy": () => "true",
  "/public/admins": ({ user }) => user.name === "Admin",
  "/greeting/strangers": ({ user }) => user === null,
  "/api/auth/list-sessions": ({ user }) => user.name === "Admin",
};

let gate;

export default {
  fetch(request, env, ctx) {
    gate ??= createSessionGate({ ...env.OPTIONS, routes: { ...env.OPTIONS.routes, when } });
    return gate.fetch(request, ctx, env.NEXT === "none" ? undefined : app);
  },
};

function app(request, visitor) {
  const { searchParams } = new URL(request.url);
  if (searchParams.has("share")) visitor.share();
  const headers = { "cache-control": "public, max-age=60" };
  if (searchParams.has("blind")) return new Response("blind", { headers });
  const { verdict, user } = visitor;
  return Response.json({ greeting: `Hello ${user?.name ?? "stranger"}`, status: verdict.status, reason: verdict.reason }, { headers });
}
