// A Worker with an app behind the gate that uses what only Workers have: `request.cf`, and a body that is encoded already.
import { env } from "cloudflare:workers";
import { createSessionGate } from "better-session/edge";

const gate = createSessionGate(env.OPTIONS);

export default {
  async fetch(request, _env, ctx) {
    const given = new Request(request, { cf: { country: "NL" } });
    if (request.headers.has("x-read-first")) await given.text();
    return gate.fetch(given, ctx, request.headers.has("x-pass-on") ? undefined : app);
  },
};

async function app(request, visitor) {
  const path = new URL(request.url).pathname;
  if (path === "/status") return new Response("fine", { status: 218, statusText: "This Is Fine" });
  if (path === "/socket") {
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    server.addEventListener("message", ({ data }) => {
      server.send(`${visitor.user.name}: ${data}`);
      server.close(1000);
    });
    return new Response(null, { status: 101, webSocket: client });
  }
  if (path === "/echo") {
    const transform = (chunk, controller) => controller.enqueue(new TextEncoder().encode(`<${new TextDecoder().decode(chunk)}>`));
    return new Response(request.body.pipeThrough(new TransformStream({ transform })));
  }
  if (path === "/cf") return Response.json([request.cf?.country, visitor.seal(request).cf?.country]);
  const text = new Response("hello ".repeat(200)).body;
  const encoded = await new Response(text.pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
  const headers = { "content-encoding": "gzip", "x-app": "here" };
  return new Response(encoded, { status: 203, headers, encodeBody: "manual" });
}
