// The example for Express, type-checked and started.
import { after, before } from "node:test";
import { startExample } from "../../pkg/test/frameworks/app.mjs";
import { drive } from "../../pkg/test/frameworks/drive.mjs";

let app;
before(async () => {
  app = await startExample("express", { build: [["tsc"]], start: ["tsx", "server.ts"] });
});
after(() => app?.close());

drive(() => app);
