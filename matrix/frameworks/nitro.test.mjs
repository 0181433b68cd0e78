// The example for Nitro 3, built and started.
import { after, before } from "node:test";
import { startExample } from "../../pkg/test/frameworks/app.mjs";
import { drive } from "../../pkg/test/frameworks/drive.mjs";

let app;
before(async () => {
  app = await startExample("nitro", { newNode: true, build: [["nitro", "build"]], start: ["node", ".output/server/index.mjs"] });
});
after(() => app?.close());

drive(() => app);
