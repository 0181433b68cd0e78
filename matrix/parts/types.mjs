// TypeScript from 5.4 to the newest, with each resolution that a version has, with and without the DOM's declarations.
import { join } from "node:path";
import { run, workspace, write } from "../support.mjs";

export const title = "TypeScript";
const versions = ["5.4.5", "5.5.4", "5.6.3", "5.7.3", "5.8.3", "5.9.3", "6.0.3", "7.0.2"];
const shared = {
  "@types/node": "20.19.0",
  "@types/react": "19.2.2",
  "@types/deno": "2.7.0",
  "bun-types": "1.4.5",
  "@cloudflare/workers-types": "5.20261117.1",
  react: "19.3.1",
  hono: "4.13.19",
  "better-auth": "1.7.25",
};
/** `module` and `moduleResolution`. TypeScript 7 has no node10. */
export const resolutions = [
  ["esnext", "node10"],
  ["node16", "node16"],
  ["nodenext", "nodenext"],
  ["esnext", "bundler"],
];

const app = `import { createVerifier, decode, type Verdict } from "better-session";
import { getCookieCache } from "better-session/cookies";
import { createAuthClient } from "better-session/client";
import { createAuthClient as createWithHook } from "better-session/react";
import { createSessionGate, memoryFeed } from "better-session/edge";
import { explain } from "better-session/explain";
import { useCore } from "better-session/slim";
import module from "better-session/core.wasm";
useCore(module);
const verdict: Verdict = createVerifier({ secret: "x" }).verify("");
if (verdict.status === "authenticated") verdict.user.email.toLowerCase();
// @ts-expect-error no such strategy
createVerifier({ secret: "x", session: { cookieCache: { strategy: "rot13" } } });
const gate = createSessionGate({ secret: "x", origin: "https://a.example", revocation: { feed: memoryFeed() } });
export const email: Promise<string | undefined> = createAuthClient().getSession().then(({ data }) => data?.user.email);
void [decode, getCookieCache, createWithHook, explain, gate.fetch];
`;
/** README's lines for handlers, each with the declarations of its runtime. */
const handlers = {
  deno: ["Deno.serve(gate.fetch);", ["deno"]],
  bun: ["Bun.serve({ fetch: gate.fetch });", ["bun-types"]],
  workers: ["export default { fetch: gate.fetch } satisfies ExportedHandler;", ["@cloudflare/workers-types"]],
  node: [
    "import { createServer } from 'node:http'; import { nodeListener } from 'better-session/edge'; createServer(nodeListener(gate)).listen(0);",
    ["node"],
  ],
};

async function check(version, module, resolution) {
  const folder = await workspace(`typescript-${version}`, { ...shared, typescript: version });
  return compileWith(folder, "typescript", version, module, resolution);
}

/** Compiles the app and, with the resolution `bundler`, README's handlers. `name` is the package of the compiler in the folder. */
export async function compileWith(folder, name, version, module, resolution) {
  write(folder, "app.ts", app);
  const tsc = join(folder, "node_modules", name, "bin/tsc");
  const compile = (files, ...flags) =>
    run(
      process.execPath,
      [tsc, "--noEmit", "--strict", "--target", "es2022", "--module", module, "--moduleResolution", resolution, ...flags, ...files],
      { cwd: folder },
    );
  const quiet = resolution === "node10" && version.startsWith("6.") ? ["--ignoreDeprecations", "6.0"] : [];
  await compile(["app.ts"], "--lib", "es2022,dom,dom.iterable", "--types", "node", "--skipLibCheck", ...quiet);
  if (resolution !== "bundler") return "compiles";
  for (const [name, [line, types]] of Object.entries(handlers)) {
    write(
      folder,
      `${name}.ts`,
      `import { createSessionGate } from "better-session/edge";\nconst gate = createSessionGate({ secret: "x", origin: "https://a.example" });\n${line}\n`,
    );
    await compile([`${name}.ts`], "--lib", name === "deno" ? "es2022,esnext" : "es2022", "--types", types.join(), "--skipLibCheck");
  }
  return "compiles, README's handlers too";
}

export const cases = versions.flatMap((version) =>
  resolutions
    .filter(([, resolution]) => !(resolution === "node10" && version.startsWith("7.")))
    .map(([module, resolution]) => [`TypeScript ${version}`, `moduleResolution ${resolution}`, () => check(version, module, resolution)]),
);
