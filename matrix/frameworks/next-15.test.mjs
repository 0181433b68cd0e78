// The example for Next.js in version 15, whose file is middleware.ts and runs on the edge runtime.
import { after, before } from "node:test";
import { startExample } from "../../pkg/test/frameworks/app.mjs";
import { drive } from "../../pkg/test/frameworks/drive.mjs";
import { drivePages } from "../../pkg/test/frameworks/pages.mjs";

let app;
before(async () => {
  app = await startExample("next", {
    as: "next-15",
    versions: { next: "15.5.29" },
    rename: { "proxy.ts": "middleware.ts" },
    build: [["next", "build"]],
    start: ["next", "start"],
  });
});
after(() => app?.close());

drive(() => app);
drivePages(() => app, { action: true });
