import { createServer } from "node:http";
import { createSessionGate, memoryFeed, nodeListener } from "better-session/edge";

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
const html = (body) => new Response(body, { headers: { "content-type": "text/html; charset=utf-8" } });

/** Requests on public paths, and those of visitors with a session. */
async function app(request, { user }) {
  switch (new URL(request.url).pathname) {
    case "/":
      return html(`<h1>Hello ${escape(user?.name ?? "stranger")}</h1>`);
    case "/sign-in":
      return html("<p>POST /api/auth/sign-in/email, or ask your front end to</p>");
    case "/account":
      return html(`<h1>Account of ${escape(user.name)}</h1>`);
    case "/api/me":
      return Response.json({ user, cookies: (request.headers.get("cookie") ?? "").split("; ").map((pair) => pair.split("=")[0]) });
    case "/api/notes":
      return Response.json({ text: await request.text(), by: user.name });
    default:
      return new Response("Not found", { status: 404 });
  }
}

createServer(nodeListener(gate, app)).listen(port, process.env.HOST ?? "localhost");
