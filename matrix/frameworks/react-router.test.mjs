// The example for React Router 7, type-checked, built and started.
import { after, before } from "node:test";
import { startExample } from "../../pkg/test/frameworks/app.mjs";
import { drive } from "../../pkg/test/frameworks/drive.mjs";
import { drivePages } from "../../pkg/test/frameworks/pages.mjs";

let app;
before(async () => {
  app = await startExample("react-router", {
    newNode: true,
    build: [["react-router", "typegen"], ["tsc"], ["react-router", "build"]],
    start: ["react-router-serve", "build/server/index.js"],
  });
});
after(() => app?.close());

drive(() => app);
drivePages(() => app, { action: true });
