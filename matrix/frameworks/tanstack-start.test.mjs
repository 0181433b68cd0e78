// The example for TanStack Start, built, type-checked and started.
import { after, before } from "node:test";
import { startExample } from "../../pkg/test/frameworks/app.mjs";
import { drive } from "../../pkg/test/frameworks/drive.mjs";
import { drivePages } from "../../pkg/test/frameworks/pages.mjs";

let app;
before(async () => {
  app = await startExample("tanstack-start", {
    newNode: true,
    build: [["vite", "build"], ["tsc"]],
    start: ["srvx", "--prod", "-s", "../client", "dist/server/server.js"],
  });
});
after(() => app?.close());

drive(() => app);
drivePages(() => app, { action: true });
