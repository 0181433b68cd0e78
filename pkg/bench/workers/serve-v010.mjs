// A Worker whose handler is the gate of 0.1.0, with an app that answers pages.
import { env } from "cloudflare:workers";
import { createSessionGate } from "v010/edge";

const gate = createSessionGate(env.OPTIONS);

export default { fetch: (request, env, ctx) => gate.fetch(request, ctx, (_request, { user }) => new Response(`Hello ${user.name}`)) };
