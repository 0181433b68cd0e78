// Compiled, never run: valid code with the types of the edge, and invalid code after each `@ts-expect-error`.
import { createServer, type IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";
import type { BetterAuthOptions } from "better-auth";
import { Hono } from "hono";
import { createVerifier } from "better-session";
import { explain, explainAsync } from "better-session/explain";
import {
  createSessionGate,
  honoGate,
  nodeListener,
  openIdentity,
  type Authentication,
  type GateVerdict,
  type Next,
  type Routes,
  type Verdict,
  type Visitor,
} from "better-session/edge";

type S = { activeOrganizationId: string };
type U = { role: "admin" | "user" };

const routes: Routes = { public: ["/"], fresh: ["/danger"], authoritative: ["/billing/**"], signInURL: "/sign-in" };
export const gate = createSessionGate<S, U>({
  secret: "x",
  session: { cookieCache: { enabled: true } },
  origin: "https://auth.example",
  routes,
});
createSessionGate<S, U>({
  secret: "x",
  origin: "https://auth.example",
  routes: { optional: ["/"], when: { "/admin/**": ({ user }) => user?.role === "admin", "/x": async () => new Response() } },
});
// @ts-expect-error a predicate decides
createSessionGate({ secret: "x", origin: "https://auth.example", routes: { when: { "/": () => "yes" } } });
createSessionGate({
  secrets: [{ version: 1, value: "x" }],
  origin: { fetch: async () => new Response() },
  baseURL: "https://app.example",
  trustProxy: true,
});

createSessionGate({
  secret: "x",
  origin: "https://auth.example",
  advanced: { crossSubDomainCookies: { enabled: true }, cookies: { session_data: { attributes: { sameSite: "none" } } } },
});

/** The object that the server was made with, as it is. */
export const gateOf = (options: BetterAuthOptions) => createSessionGate({ ...options, origin: "https://auth.example" });
export const verifierOf = (options: BetterAuthOptions) => createVerifier(options);

// @ts-expect-error a gate needs an origin
createSessionGate({ secret: "x" });
// @ts-expect-error patterns are a list
createSessionGate({ secret: "x", origin: "https://auth.example", routes: { public: "/" } });

const ctx = { waitUntil: (promise: Promise<unknown>) => void promise };
const request = new Request("https://app.example/");

/** A Worker's handler, as Cloudflare's own types have it. */
type Handler = (
  request: Request,
  env: { SECRET: string },
  ctx: { waitUntil(promise: Promise<unknown>): void; passThroughOnException(): void },
) => Promise<Response>;
export const plain: { fetch: Handler } = { fetch: gate.fetch };

/** Handlers of Deno and Bun. */
type OfDeno = (
  request: Request,
  info: { remoteAddr: { transport: "tcp"; hostname: string; port: number }; completed: Promise<void> },
) => Response | Promise<Response>;
type OfBun = (
  request: Request,
  server: { port: number; requestIP(request: Request): { address: string; family: "IPv4" | "IPv6"; port: number } | null },
) => Response | Promise<Response>;
export const handlers: { deno: OfDeno; bun: OfBun } = { deno: gate.fetch, bun: gate.fetch };

const app: Next<S, U> = (request, { verdict, session, user, seal }) => {
  // @ts-expect-error a session of the origin has no cache
  if (verdict.status === "authenticated") verdict.cacheExpiresAt.toISOString();
  if (verdict.status === "authenticated" && verdict.strategy !== null)
    return new Response(verdict.strategy + verdict.cacheExpiresAt.toISOString());
  const role: "admin" | "user" | undefined = user?.role;
  // @ts-expect-error on a public path there may be nobody
  session.activeOrganizationId;
  return fetch(seal(request), { headers: { role: role ?? "none" } });
};

export async function use(visitor: Visitor<S, U>): Promise<Response> {
  await gate.fetch(request);
  await gate.fetch(request, ctx);
  await gate.fetch(request, ctx, app);
  await gate.fetch(request, { remoteAddr: { hostname: "192.0.2.1" } }, app);
  await gate.authenticate(request, { requestIP: () => null });
  visitor.share();
  // @ts-expect-error next takes a request and a visitor
  await gate.fetch(request, ctx, (url: string) => new Response(url));
  const known: Authentication<S, U> = await gate.authenticate(request, ctx);
  const organization: string | undefined = known.session?.activeOrganizationId;
  const source: "cookie" | "origin" | "grace" | null = known.source;
  const verdict: Verdict<S, U> = gate.check(request);
  const judged: GateVerdict<S, U> = known.verdict;
  const refused: Response | null = gate.requireFresh(known) ?? gate.requireFresh(verdict) ?? gate.requireFresh(visitor.verdict);
  await gate.invalidate({ token: "x" });
  await gate.invalidate({ userId: "x", exceptToken: "y" });
  await gate.invalidate("all");
  // @ts-expect-error whose?
  await gate.invalidate({});
  return known.apply(refused ?? Response.json({ organization, source, status: judged.status }));
}

new Hono().use(honoGate(gate)).get("/", (c) => c.text("ok"));
createServer(nodeListener(gate, app as Next, { trustProxy: true, onError: (error) => console.error(error) }));

const identity = openIdentity<S, U>(request, { secret: "x", path: "/", at: new Date() });
export const role: "admin" | "user" | undefined = identity?.user.role;
// @ts-expect-error it may not be there
identity.user;

/** A request of Node, of both versions of HTTP, and one whose headers are a plain object, as Fastify has it. */
export function ofNode(incoming: IncomingMessage, secure: Http2ServerRequest, plain: { headers: Record<string, string> }) {
  const verifier = createVerifier({ secret: "x" });
  for (const source of [incoming, secure, plain]) {
    const verdicts: Verdict[] = [verifier.verify(source), explain(source, { secret: "x" }).verdict];
    void [verdicts, verifier.verifyAsync(source), explainAsync(source, { secret: "x" }), openIdentity(source, { secret: "x" })];
  }
  // @ts-expect-error a cookie is text
  verifier.verify({ headers: { cookie: 1 } });
  // @ts-expect-error the headers were not awaited
  verifier.verify(Promise.resolve(new Headers()));
  // @ts-expect-error an object without headers
  verifier.verify({ cookie: "x" });
}
