// A Worker whose handler is the gate of this build, with an app that answers pages.
import { env } from "cloudflare:workers";
import { createSessionGate } from "today/edge";

const gate = createSessionGate(env.OPTIONS);

export default { fetch: (request, env, ctx) => gate.fetch(request, ctx, (_request, { user }) => new Response(`Hello ${user.name}`)) };
