import { Elysia } from "elysia";
import { createSessionGate, memoryFeed } from "better-session/edge";
import { sessionFetch, withVisitor } from "better-session/elysia";

const port = Number(process.env.PORT ?? 8787);

const gate = createSessionGate({
  secret: process.env.BETTER_AUTH_SECRET, // the server's own
  baseURL: process.env.BETTER_AUTH_URL ?? `http://localhost:${port}`, // as visitors call the site
  session: { cookieCache: { enabled: true } }, // as in betterAuth({ session })
  origin: process.env.AUTH_ORIGIN ?? "http://localhost:3000", // where the Better Auth server runs
  routes: { public: ["/", "/sign-in"], signInURL: "/sign-in" },
  revocation: { feed: memoryFeed() }, // one process; several need a shared feed
  // trustProxy: true,                     // behind a proxy of yours that sets x-forwarded-*
});

const escape = (text = "") => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
const html = (body: string) => new Response(body, { headers: { "content-type": "text/html; charset=utf-8" } });

const app = new Elysia()
  .get("/sign-in", html("<p>POST /api/auth/sign-in/email, or ask your front end to</p>"))
  .get("/static", "for visitors with a session")
  .derive(withVisitor)
  .get("/", ({ visitor }) => html(`<h1>Hello ${escape(visitor.user?.name ?? "stranger")}</h1>`))
  .get("/account", ({ visitor }) => html(`<h1>Account of ${escape(visitor.user?.name)}</h1>`))
  .get("/api/me", ({ visitor, request }) => {
    const cookies = (request.headers.get("cookie") ?? "").split("; ").map((pair) => pair.split("=")[0]);
    return { user: visitor.user, cookies };
  })
  .post("/api/notes", ({ visitor, body }) => ({ text: body, by: visitor.user?.name }));

Bun.serve({ port, hostname: process.env.HOST ?? "localhost", fetch: sessionFetch(gate, app) });
