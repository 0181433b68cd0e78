// A Worker with an app behind the gate that uses what only Workers have: `request.cf`, and a body that is encoded already.
import { env } from "cloudflare:workers";
import { createSessionGate } from "better-session/edge";

const gate = createSessionGate(env.OPTIONS);

export default {
  fetch(request, _env, ctx) {
    return gate.fetch(new Request(request, { cf: { country: "NL" } }), ctx, app);
  },
};

async function app(request, visitor) {
  const path = new URL(request.url).pathname;
  if (path === "/cf") return Response.json([request.cf?.country, visitor.seal(request).cf?.country]);
  const text = new Response("hello ".repeat(200)).body;
  const encoded = await new Response(text.pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
  const headers = { "content-encoding": "gzip", "x-app": "here" };
  return new Response(encoded, { status: 203, headers, encodeBody: "manual" });
}
