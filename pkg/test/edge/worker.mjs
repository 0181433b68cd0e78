// A Worker with the gate before everything. Its bindings say how: OPTIONS for the gate, APP "here" when the app is
// in the Worker itself, ORIGIN as a service binding.
import { createSessionGate } from "better-session/edge";

let gate;

export default {
  async fetch(request, env, ctx) {
    gate ??= createSessionGate({ ...env.OPTIONS, ...(env.ORIGIN ? { origin: env.ORIGIN } : {}) });
    const path = new URL(request.url).pathname;
    if (path === "/gate/check") return Response.json(gate.check(request));
    if (path === "/gate/authenticate") return authenticate(request, ctx);
    return gate.fetch(request, ctx, env.APP === "here" ? app : undefined);
  },
};

async function authenticate(request, ctx) {
  const known = await gate.authenticate(request, ctx);
  const refused = new URL(request.url).searchParams.has("fresh") && gate.requireFresh(known);
  if (refused) return known.apply(refused);
  const { verdict, session, user, source, setCookies } = known;
  return known.apply(Response.json({ verdict, session, user, source, setCookies: setCookies.length }));
}

/** Says what arrived. */
async function app(request, visitor) {
  const url = new URL(request.url);
  const headers = new Headers({ "x-app": "here" });
  for (const [name, value] of url.searchParams) if (name.startsWith("set-")) headers.append(name.slice(4), value);
  if (url.searchParams.has("throw")) throw new Error("the app's own error");
  const look = !url.searchParams.has("blind");
  const body = await request.arrayBuffer();
  const sealed = look && url.searchParams.has("seal") ? visitor.seal(request).headers.get("x-better-session-identity") : undefined;
  return Response.json(
    {
      app: true,
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(request.headers),
      length: body.byteLength,
      sealed,
      ...(look ? { verdict: visitor.verdict, session: visitor.session, user: visitor.user } : {}),
    },
    { headers },
  );
}
