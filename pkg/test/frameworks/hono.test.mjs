// The example for Hono, type-checked and started in Node.
import { after, before } from "node:test";
import { startExample } from "./app.mjs";
import { drive } from "./drive.mjs";

let app;
before(async () => {
  app = await startExample("hono", { build: [["tsc"]], start: ["tsx", "server.ts"] });
});
after(() => app?.close());

drive(() => app);
