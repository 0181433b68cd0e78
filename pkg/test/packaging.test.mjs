// The packed package in common bundlers, without configuration, and in type checkers.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { build as esbuild } from "esbuild";
import { build as vite } from "vite";
import webpack from "webpack";
import { notices } from "../scripts/notices.mjs";
import { installPacked, root } from "./support/pack.mjs";

const { folder, remove } = installPacked();
after(remove);
const installed = join(folder, "node_modules/better-session");
const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));

/** Mints, verifies and prints "authenticated": run after bundling, it shows that nothing was dropped. */
const app = `import { createVerifier } from "better-session";
import { getSessionCookie } from "better-session/cookies";
import { now, cookie, options, session, signedToken, user } from "./suite/kit.mjs";
const verifier = createVerifier(options());
const header = cookie(await signedToken(), verifier.mint({ session, user }, { at: now }));
console.log(getSessionCookie({ headers: new Map([["cookie", header]]) }) && verifier.verify(header, now).status);
`;
writeFileSync(join(folder, "app.mjs"), app);
const run = (file) => execFileSync(process.execPath, [file], { cwd: folder, encoding: "utf8" }).trim();

test("the tarball contains the files of package.json and no sources", () => {
  const paths = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(paths));
  for (const path of paths(manifest.exports)) assert.doesNotThrow(() => readFileSync(join(installed, path)), path);
  assert.deepEqual(
    readdirSync(installed).filter(
      (name) =>
        !/^(bin|dist|docs|examples|package\.json|(README|SECURITY|ARCHITECTURE|CHANGELOG|CONTRIBUTING)\.md|LICENSE-(MIT|APACHE)|THIRD-PARTY-NOTICES)$/.test(
          name,
        ),
    ),
    [],
  );
  assert.ok(!readdirSync(join(installed, "dist")).some((name) => name.startsWith(".stamp")));
});

test("the tarball contains the current SECURITY.md", () => {
  assert.equal(readFileSync(join(installed, "SECURITY.md"), "utf8"), readFileSync(join(root, "SECURITY.md"), "utf8"));
});

test("the notices list each crate of the modules with its license and match Cargo.lock", async () => {
  const text = readFileSync(join(installed, "THIRD-PARTY-NOTICES"), "utf8");
  assert.equal(text, await notices());
  const tree = (name) =>
    execFileSync(
      "cargo",
      [
        "tree",
        "--offline",
        "--locked",
        "--target",
        "wasm32-unknown-unknown",
        "--package",
        `better-session-${name}`,
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "none",
        "--format",
        "{p}|{l}",
      ],
      { cwd: root, encoding: "utf8" },
    );
  const lines = ["core", "gate", "client", "inspect"]
    .flatMap((name) => tree(name).trim().split("\n"))
    .filter((line) => !/^better-session[ -]/.test(line));
  const crates = [...new Set(lines.map((line) => line.replace(/ \(\*\)$/, "").replace(" v", " ")))];
  assert.ok(crates.length > 20, crates.join());
  const [list, ...texts] = text.split(/^-{100}$/m);
  for (const crate of crates) {
    const [name, license] = crate.split("|");
    assert.ok(list.includes(`- ${name}: ${license}\n`), crate);
    assert.ok(
      texts.some((part) => part.trimStart().split("\n")[0].split(", ").includes(name) && part.length > 500),
      `${name}: the text of its license`,
    );
  }
  for (const word of [root, process.env.HOME, "registry/src"]) assert.ok(!text.includes(word), word);
});

test("the files contain no path of the build machine", () => {
  for (const name of ["core.wasm", "gate.wasm", "client.wasm"]) {
    const bytes = readFileSync(join(installed, "dist", name), "latin1");
    for (const word of [root, process.env.HOME, ".cargo", "registry/src", "/home/", "/Users/"])
      assert.ok(!word || !bytes.includes(word), `${name}: ${word}`);
  }
});

test("client.wasm has no texts of code that it does not contain", () => {
  const text = readFileSync(join(installed, "dist/client.wasm"), "latin1");
  for (const dead of ["rustc", "js-sys", "RefCell", "memory allocation", "closure"]) assert.ok(!text.includes(dead), dead);
});

test("a bundle of the client and a store of the app has one copy of nanostores", async () => {
  const contents = `export { createAuthClient } from "better-session/client"; export { atom } from "nanostores";`;
  const { metafile, outputFiles } = await esbuild({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    external: ["./client-javascript.js"],
  });
  assert.ok(Object.keys(metafile.inputs).some((path) => path.includes("node_modules/nanostores/")));
  assert.equal(outputFiles[0].text.match(/STORE_UNMOUNT_DELAY = /g)?.length, 1);
  assert.match(readFileSync(join(installed, "dist/lib/client/index.js"), "utf8"), /from\s?"nanostores"/);
});

test("esbuild", async () => {
  await esbuild({
    entryPoints: [join(folder, "app.mjs")],
    bundle: true,
    minify: true,
    format: "esm",
    outfile: join(folder, "out/esbuild.mjs"),
    logLevel: "error",
  });
  assert.equal(run("out/esbuild.mjs"), "authenticated");
});

test("Vite", async () => {
  const lib = { entry: join(folder, "app.mjs"), formats: ["es"], fileName: () => "vite.mjs" };
  await vite({ root: folder, configFile: false, logLevel: "error", build: { lib, outDir: "out", emptyOutDir: false } });
  assert.equal(run("out/vite.mjs"), "authenticated");
});

test("webpack", async () => {
  const config = {
    mode: "production",
    context: folder,
    entry: "./app.mjs",
    target: "node20",
    output: { path: join(folder, "out"), filename: "webpack.mjs", module: true },
    experiments: { outputModule: true },
  };
  await new Promise((done, fail) => {
    webpack(config, (error, stats) => (error || stats.hasErrors() ? fail(error ?? new Error(stats.toString("errors-only"))) : done()));
  });
  assert.equal(run("out/webpack.mjs"), "authenticated");
});

test("wrangler deploy --dry-run keeps the module beside the script", () => {
  writeFileSync(
    join(folder, "worker.mjs"),
    `${app.replaceAll("console.log(", "globalThis.result = (")}export default { fetch: () => new Response("ok") };`.replace(
      "await signedToken()",
      '"x"',
    ),
  );
  const wrangler = join(root, "node_modules/wrangler/bin/wrangler.js");
  const args = [
    wrangler,
    "deploy",
    "--dry-run",
    "--outdir",
    "out/wrangler",
    "--name",
    "test",
    "--compatibility-date",
    "2026-04-01",
    "worker.mjs",
  ];
  execFileSync(process.execPath, args, {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "true" },
  });
  const files = readdirSync(join(folder, "out/wrangler"));
  assert.equal(files.filter((name) => name.endsWith(".wasm")).length, 1, files.join());
});

const typed = `import { createVerifier, decode, BetterSessionError, type Verdict, type StaleReason } from "better-session";
import { getCookieCache, parseCookies } from "better-session/cookies";
import { useCore } from "better-session/slim";
const verifier = createVerifier<{ activeOrganizationId: string }, { role: "admin" | "user" }>({
  secret: "x",
  session: { cookieCache: { strategy: ["jwe", "compact"], version: (session, user) => session.id + user.id } },
});
const verdict: Verdict<{ activeOrganizationId: string }, { role: "admin" | "user" }> = verifier.verify(new Request("https://example.com"), new Date());
if (verdict.status === "authenticated") {
  const role: "admin" | "user" = verdict.user.role;
  const date: Date = verdict.session.expiresAt;
  const organisation: string = verdict.session.activeOrganizationId;
  void [role, date, organisation];
} else if (verdict.status === "stale") {
  const reason: StaleReason = verdict.reason;
  void [reason, verdict.token];
} else {
  // @ts-expect-error an unauthenticated verdict has no token
  void verdict.token;
}
const cached: Promise<{ user: { email: string } } | null> = getCookieCache(new Headers(), { secret: "x", version: async () => "1" });
// @ts-expect-error no such strategy
createVerifier({ secret: "x", session: { cookieCache: { strategy: "rot13" } } });
void [cached, decode("x")?.strategy, new BetterSessionError("A", "b").code, parseCookies("a=b").get("a"), useCore];
`;

for (const [name, file] of [
  ["ESM", "types.mts"],
  ["CommonJS", "types.cts"],
]) {
  test(`types, ${name}`, () => {
    writeFileSync(join(folder, file), typed);
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const flags = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom,dom.iterable", file];
    const { status, stdout } = spawnSync(process.execPath, [tsc, ...flags], { cwd: folder, encoding: "utf8" });
    assert.equal(status, 0, stdout);
  });
}
