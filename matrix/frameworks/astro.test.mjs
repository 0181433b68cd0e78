// The example for Astro, built and started.
import { after, before } from "node:test";
import { startExample } from "../../pkg/test/frameworks/app.mjs";
import { drive } from "../../pkg/test/frameworks/drive.mjs";
import { drivePages } from "../../pkg/test/frameworks/pages.mjs";

let app;
before(async () => {
  app = await startExample("astro", { newNode: true, build: [["astro", "build"]], start: ["node", "dist/server/entry.mjs"] });
});
after(() => app?.close());

drive(() => app);
drivePages(() => app);
