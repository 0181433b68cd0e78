// An app on Hono behind the gate.
import { Hono } from "hono";
import { createSessionGate, honoGate } from "better-session/edge";

export function honoApp(options) {
  const app = new Hono();
  app.use(honoGate(createSessionGate(options)));
  app.get("/account", (c) => {
    c.header("set-cookie", "theme=dark; Path=/");
    c.header("x-app", "hono");
    return c.json({ user: c.get("visitor").user, cookie: c.req.header("cookie") });
  });
  app.post("/account", async (c) => c.text(await c.req.text()));
  app.get("/public/page", (c) => c.html("<h1>hello</h1>", 200, { "cache-control": "public, max-age=60" }));
  app.get("/breaks", () => {
    throw new Error("the app's own");
  });
  app.onError((_, c) => c.text("the app's error page", 500));
  return app;
}
