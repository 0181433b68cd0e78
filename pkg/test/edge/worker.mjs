// A Worker with the gate before everything. Its bindings say how: OPTIONS for the gate, APP "here" when the app is
// in the Worker itself, ORIGIN as a service binding, NOBODY an origin that knows no session, FEED "memory" revocation in this process, CLOCK a time that stands.
import { createSessionGate, memoryFeed } from "better-session/edge";

let gate;

export default {
  async fetch(request, env, ctx) {
    if (env.CLOCK) Date.now = () => env.CLOCK;
    const scheme = request.headers.get("x-test-scheme");
    if (scheme) request = new Request(request.url.replace(/^https?/, scheme), request);
    request = withPlace(request);
    gate ??= createSessionGate({
      ...env.OPTIONS,
      ...(env.ORIGIN ? { origin: env.ORIGIN } : {}),
      ...(env.FEED === "memory" ? { revocation: { feed: memoryFeed() } } : {}),
    });
    const path = new URL(request.url).pathname;
    if (path === "/gate/check") return Response.json(gate.check(request));
    if (path === "/gate/each") return Response.json(await each(await request.json(), env, ctx));
    if (path === "/gate/authenticate") return authenticate(request, ctx);
    return gate.fetch(request, ctx, env.APP === "here" ? app : undefined);
  },
};

/** Returns a request with the `cf` that the header `x-test-place` has as JSON. */
function withPlace(request) {
  const text = request.headers.get("x-test-place");
  if (!text) return request;
  const cf = JSON.parse(text);
  return "WebSocketPair" in globalThis ? new Request(request, { cf }) : Object.defineProperty(request, "cf", { value: cf });
}

/** Returns the result for each of many Cookie headers, the number of lookups, and the logged messages. */
async function each(cases, env, ctx) {
  let asked = 0;
  const origin = { fetch: () => (asked++, new Response("null", { headers: { "content-type": "application/json" } })) };
  const gates = new Map();
  const answers = [];
  const logged = watchConsole();
  for (const { cookie, options, scheme = "http" } of cases) {
    const key = JSON.stringify(options);
    if (!gates.has(key)) gates.set(key, createSessionGate({ ...env.OPTIONS, ...options, origin }));
    let request;
    try {
      request = new Request(`${scheme}://app.example/account`, { headers: { cookie } });
    } catch {
      request = null;
    }
    if (request?.headers.get("cookie") !== cookie) {
      answers.push("not a header");
      continue;
    }
    asked = 0;
    logged.length = 0;
    const response = await gates.get(key).fetch(request, ctx, app);
    const { code } = await response.json();
    answers.push({ status: response.status, code, asked, logged: [...logged] });
  }
  return answers;
}

/** Every method of the console writes into the list that is answered, for good. */
function watchConsole() {
  const logged = [];
  for (const [name, method] of Object.entries(console)) {
    if (typeof method === "function") console[name] = (...words) => void logged.push([name, ...words].map(String));
  }
  console.error("a test of the test");
  if (logged.length !== 1) throw new Error("the console is not watched");
  return logged;
}

async function authenticate(request, ctx) {
  const known = await gate.authenticate(request, ctx);
  const refused = new URL(request.url).searchParams.has("fresh") && gate.requireFresh(known);
  if (refused) return known.apply(refused);
  const { verdict, session, user, source, setCookies } = known;
  return known.apply(Response.json({ verdict, session, user, source, setCookies: setCookies.length }));
}

/** Responds with a description of the request. */
async function app(request, visitor) {
  const url = new URL(request.url);
  const headers = new Headers({ "x-app": "here" });
  for (const [name, value] of url.searchParams) if (name.startsWith("set-")) headers.append(name.slice(4), value);
  if (url.searchParams.has("throw")) throw new Error("the app's own error");
  if (url.searchParams.has("share")) visitor.share();
  if (url.searchParams.has("stream")) return new Response(readLate(visitor), { headers });
  const look = !url.searchParams.has("blind");
  const body = await request.arrayBuffer();
  const { seal } = visitor;
  const sealed = look && url.searchParams.has("seal") ? seal(request).headers.get("x-better-session-identity") : undefined;
  return Response.json(
    {
      app: true,
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(request.headers),
      length: body.byteLength,
      sha256: url.searchParams.has("digest") ? hex(await crypto.subtle.digest("SHA-256", body)) : undefined,
      sealed,
      ...(look ? { verdict: visitor.verdict, session: visitor.session, user: visitor.user } : {}),
    },
    { headers },
  );
}

/** A body that reads the visitor after the headers have left; what it throws is its text. */
function readLate(visitor) {
  let started = false;
  return new ReadableStream({
    async pull(controller) {
      if (started) {
        await new Promise((later) => setTimeout(later, 20));
        const read = () => visitor.user?.email ?? "nobody";
        let said;
        try {
          said = read();
        } catch (error) {
          said = `${error.name} ${error.code}`;
        }
        controller.enqueue(new TextEncoder().encode(said));
        return controller.close();
      }
      started = true;
      controller.enqueue(new TextEncoder().encode("hello "));
    },
  });
}

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
