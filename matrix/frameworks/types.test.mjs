// The types of the adapters whose frameworks strip types when they build: each fits where its framework takes it.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { installExample } from "../../pkg/test/frameworks/app.mjs";
import { root } from "../../pkg/test/support/pack.mjs";

const GATE = `import { createSessionGate } from "better-session/edge";
const gate = createSessionGate<{ theme: string }, { role: string }>({ secret: "x", origin: "http://localhost:3000" });
`;
const USES = {
  astro: `${GATE}import type { APIContext, MiddlewareHandler } from "astro";
import { sessionMiddleware } from "better-session/astro";
export const onRequest: MiddlewareHandler = sessionMiddleware(gate);
// @ts-expect-error a gate is needed
sessionMiddleware({});
export const name = (context: APIContext) => context.locals;
`,
  nuxt: `${GATE}import { defineEventHandler } from "h3";
import { sessionMiddleware } from "better-session/nuxt";
export default defineEventHandler(sessionMiddleware(gate));
// @ts-expect-error a gate is needed
sessionMiddleware({});
`,
  nitro: `${GATE}import { defineNitroPlugin } from "nitro/runtime";
import { sessionPlugin } from "better-session/nitro";
export default defineNitroPlugin(sessionPlugin(gate));
// @ts-expect-error a gate is needed
sessionPlugin({});
`,
};

for (const [name, source] of Object.entries(USES)) {
  test(`${name}: the middleware has the framework's type`, () => {
    const folder = installExample(name);
    const file = join(folder, "use-of-types.ts");
    writeFileSync(file, source);
    const flags = ["--noEmit", "--strict", "--skipLibCheck", "--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022"];
    execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), ...flags, "--lib", "es2022,dom,dom.iterable", file], {
      cwd: folder,
      stdio: "pipe",
      encoding: "utf8",
    });
  });
}
