import express from "express";
import { createSessionGate, memoryFeed } from "better-session/edge";
import { sessionMiddleware } from "better-session/express";

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

const app = express();
app.use(sessionMiddleware(gate)); // before body parsers: calls of the auth API are forwarded with their bodies
app.use(express.text({ limit: "1mb" }));

const escape = (text = "") => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

app.get("/", (req, res) => void res.send(`<h1>Hello ${escape(req.visitor.user?.name ?? "stranger")}</h1>`));
app.get("/sign-in", (_req, res) => void res.send("<p>POST /api/auth/sign-in/email, or ask your front end to</p>"));
app.get("/account", (req, res) => void res.send(`<h1>Account of ${escape(req.visitor.user?.name)}</h1>`));
app.get("/api/me", (req, res) => {
  const cookies = (req.headers.cookie ?? "").split("; ").map((pair) => pair.split("=")[0]);
  res.json({ user: req.visitor.user, cookies });
});
app.post("/api/notes", (req, res) => void res.json({ text: req.body, by: req.visitor.user?.name }));

app.listen(port, process.env.HOST ?? "localhost");
