import { env } from "cloudflare:workers";
import { honoApp } from "./hono-app.mjs";

export default honoApp(env.OPTIONS);
