import Fastify from "fastify";
import { createSessionGate, memoryFeed } from "better-session/edge";
import { sessionPlugin } from "better-session/fastify";

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

const app = Fastify();
await app.register(sessionPlugin, { gate });

const escape = (text = "") => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

app.get("/", (request, reply) => reply.type("text/html").send(`<h1>Hello ${escape(request.visitor.user?.name ?? "stranger")}</h1>`));
app.get("/sign-in", (_request, reply) => reply.type("text/html").send("<p>POST /api/auth/sign-in/email, or ask your front end to</p>"));
app.get("/account", (request, reply) => reply.type("text/html").send(`<h1>Account of ${escape(request.visitor.user?.name)}</h1>`));
app.get("/api/me", (request) => {
  const cookies = (request.headers.cookie ?? "").split("; ").map((pair) => pair.split("=")[0]);
  return { user: request.visitor.user, cookies };
});
app.post("/api/notes", (request) => ({ text: request.body, by: request.visitor.user?.name }));

await app.listen({ port, host: process.env.HOST ?? "localhost" });
