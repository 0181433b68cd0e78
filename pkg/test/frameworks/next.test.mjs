// The example for Next.js, built and started.
import { after, before } from "node:test";
import { startExample } from "./app.mjs";
import { drive } from "./drive.mjs";
import { drivePages } from "./pages.mjs";

let app;
before(async () => {
  app = await startExample("next", { build: [["next", "build"]], start: ["next", "start"] });
});
after(() => app?.close());

drive(() => app);
drivePages(() => app, { action: true });
