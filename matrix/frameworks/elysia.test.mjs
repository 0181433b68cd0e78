// The example for Elysia, type-checked and started in Bun.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startExample } from "../../pkg/test/frameworks/app.mjs";
import { drive, visit } from "../../pkg/test/frameworks/drive.mjs";

let app;
before(async () => {
  app = await startExample("elysia", { build: [["tsc"]], start: ["bun", "server.ts"] });
});
after(() => app?.close());

drive(() => app);

test("a static route is behind the gate too", async () => {
  assert.equal((await visit(app, null, "/static")).status, 401);
});
