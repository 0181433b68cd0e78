import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { html } from "hono/html";
import { getCookie } from "hono/cookie";
import { createSessionGate, memoryFeed } from "better-session/edge";
import { honoGate, type SessionVariables } from "better-session/hono";

const port = Number(process.env.PORT ?? 8787);

const gate = createSessionGate({
  secret: process.env.BETTER_AUTH_SECRET, // the server's own
  baseURL: process.env.BETTER_AUTH_URL ?? `http://localhost:${port}`, // as visitors call the site
  session: { cookieCache: { enabled: true } }, // as in betterAuth({ session })
  origin: process.env.AUTH_ORIGIN ?? "http://localhost:3000", // where the Better Auth server runs
  routes: { public: ["/", "/sign-in"], signInURL: "/sign-in" },
  revocation: { feed: memoryFeed() }, // one process; several need a shared feed
});

const app = new Hono<{ Variables: SessionVariables }>();
app.use(honoGate(gate));

app.get("/", (c) => c.html(html`<h1>Hello ${c.var.visitor.user?.name ?? "stranger"}</h1>`));
app.get("/sign-in", (c) => c.html(html`<p>POST /api/auth/sign-in/email, or ask your front end to</p>`));
app.get("/account", (c) => c.html(html`<h1>Account of ${c.var.visitor.user?.name}</h1>`));
app.get("/api/me", (c) => c.json({ user: c.var.visitor.user, cookies: Object.keys(getCookie(c)) }));
app.post("/api/notes", async (c) => c.json({ text: await c.req.text(), by: c.var.visitor.user?.name }));

// A path with its own middleware needs no annotation: the types follow from `honoGate`.
export const typed = new Hono().use(honoGate(gate)).get("/api/name", (c) => c.json({ name: c.var.visitor.user?.name }));

serve({ fetch: app.fetch, port, hostname: process.env.HOST });
