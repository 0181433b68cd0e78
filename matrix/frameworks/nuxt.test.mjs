// The example for Nuxt 4, built and started.
import { after, before } from "node:test";
import { startExample } from "../../pkg/test/frameworks/app.mjs";
import { drive } from "../../pkg/test/frameworks/drive.mjs";
import { drivePages } from "../../pkg/test/frameworks/pages.mjs";

let app;
before(async () => {
  app = await startExample("nuxt", { newNode: true, build: [["nuxt", "build"]], start: ["node", ".output/server/index.mjs"] });
});
after(() => app?.close());

drive(() => app);
drivePages(() => app);
