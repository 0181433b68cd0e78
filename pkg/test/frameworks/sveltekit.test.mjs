// The example for SvelteKit, built and started with adapter-node.
import { after, before } from "node:test";
import { startExample } from "./app.mjs";
import { drive } from "./drive.mjs";
import { drivePages } from "./pages.mjs";

let app;
before(async () => {
  app = await startExample("sveltekit", {
    newNode: true,
    build: [["vite", "build"], ["svelte-check"]],
    start: ["node", "build"],
    env: { BODY_SIZE_LIMIT: "10M" },
  });
});
after(() => app?.close());

drive(() => app);
drivePages(() => app, { action: true });
