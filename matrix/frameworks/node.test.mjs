// The example for node:http.
import { after, before } from "node:test";
import { startExample } from "../../pkg/test/frameworks/app.mjs";
import { drive } from "../../pkg/test/frameworks/drive.mjs";

let app;
before(async () => {
  app = await startExample("node", { start: ["node", "server.js"] });
});
after(() => app?.close());

drive(() => app);
