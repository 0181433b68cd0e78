// Two gates with one revocation feed: in workerd a Durable Object, in Node a list. `x-gate: two` picks the second one.
import { RevocationLog, createSessionGate, durableObjectFeed, memoryFeed } from "better-session/edge";

export class Log extends RevocationLog {}

let gates;

function open({ OPTIONS, LOG }) {
  const feed = LOG ? durableObjectFeed(LOG, { cache: 0 }) : memoryFeed();
  const gate = (own) => createSessionGate({ ...OPTIONS, revocation: { onError() {}, ...OPTIONS.revocation, ...own, feed } });
  return { one: gate(), two: gate(OPTIONS.two) };
}

export default {
  fetch(request, env, ctx) {
    gates ??= open(env);
    const gate = gates[request.headers.get("x-gate") ?? "one"];
    if (new URL(request.url).pathname === "/test/check") return Response.json(gate.check(request));
    return gate.fetch(request, ctx, (_, { session, user }) => Response.json({ session, user }));
  },
};
