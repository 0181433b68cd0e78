// The services of examples/forward-auth and adapters/forward-auth behind Debian's nginx and Caddy, with an app that opens the identity.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openIdentity } from "better-session/edge";
import { SECRET, signUp, startOrigin } from "../../harness/origin.mjs";
import { startExample } from "../../pkg/test/frameworks/app.mjs";
import { NAVIGATION, visit } from "../../pkg/test/frameworks/drive.mjs";
import { startProgram } from "../../pkg/test/rust/service.mjs";
import { adapterProgram } from "../../pkg/test/support/cargo.mjs";

const example = new URL("../../examples/forward-auth/", import.meta.url);
const closing = [];
let app;

before(async () => {
  for (const [file, name] of Object.entries({ "/usr/sbin/nginx": "nginx-light", "/usr/bin/caddy": "caddy" })) {
    if (existsSync(file)) continue;
    execFileSync("apt-get", ["update"], { stdio: "ignore" });
    execFileSync("apt-get", ["install", "-y", "--no-install-recommends", name], { stdio: "ignore" });
  }
  app = createServer((request, response) => {
    const headers = new Headers(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const identity = openIdentity(new Request(`http://app${request.url}`, { method: request.method, headers }), { secret: SECRET });
    const forged = request.headers["x-better-session-identity"] === "forged";
    request.resume().on("end", () => response.end(JSON.stringify({ name: identity?.user.name ?? null, forged })));
  });
  await new Promise((resolve) => app.listen(0, "127.0.0.1", resolve));
});
after(async () => {
  for (const close of closing) await close();
  app?.close();
  app?.closeAllConnections();
});

/** Starts the service of adapters/forward-auth. Returns what `startExample` does. */
async function startBinary(env) {
  const trusted = [];
  const origin = await startOrigin({ auth: { trustedOrigins: () => trusted } });
  trusted.push(origin.url);
  const folder = mkdtempSync(join(tmpdir(), "forward-auth-"));
  const options = { session: { cookieCache: { enabled: true } }, routes: { public: ["/", "/sign-in"], signInURL: "/sign-in" } };
  writeFileSync(join(folder, "options.json"), JSON.stringify(options));
  const settings = {
    BETTER_AUTH_SECRET: SECRET,
    AUTH_ORIGIN: origin.url,
    TRUST_PROXY: "true",
    BETTER_SESSION_CONFIG: join(folder, "options.json"),
  };
  const service = await startProgram(await adapterProgram("better-session-forward-auth"), { ...settings, ...env });
  const close = () => Promise.all([service.close(), origin.close()]);
  return { url: service.url, origin, trust: (url) => void trusted.push(url), close };
}

const services = {
  "examples/forward-auth": (name, env) => startExample("forward-auth", { as: `forward-auth-${name}`, start: ["node", "server.js"], env }),
  "adapters/forward-auth": (_, env) => startBinary(env),
};

/** Starts a proxy with the example's configuration, its addresses replaced. */
async function start(startService, name, file, redirect, command) {
  const service = await startService(name, { REDIRECT: String(redirect) });
  closing.push(service.close);
  const port = await new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
  const folder = mkdtempSync(join(tmpdir(), "forward-auth-"));
  const replaced = readFileSync(new URL(file, example), "utf8")
    .replaceAll("8787", String(port))
    .replaceAll("127.0.0.1:3000", new URL(service.origin.url).host)
    .replaceAll("127.0.0.1:4000", new URL(service.url).host)
    .replaceAll("127.0.0.1:5000", `127.0.0.1:${app.address().port}`);
  const [program, ...args] = command(folder, replaced);
  const child = spawn(program, args, { cwd: folder, stdio: "ignore", env: { ...process.env, HOME: folder } });
  closing.unshift(async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  service.trust(url);
  for (let tries = 0; tries < 100; tries += 1) {
    if (
      await fetch(url).then(
        (response) => response.status < 500,
        () => false,
      )
    )
      return { url, basePath: "/api/auth", origin: service.origin };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${program} did not start`);
}

const proxies = {
  nginx: (service) =>
    start(service, "nginx", "nginx.conf", false, (folder, server) => {
      const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`).join("\n");
      const file = join(folder, "nginx.conf");
      writeFileSync(
        file,
        `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; events {}\nhttp { access_log off; ${paths}\n${server} }`,
      );
      return ["/usr/sbin/nginx", "-p", folder, "-c", file];
    }),
  Caddy: (service) =>
    start(service, "caddy", "Caddyfile", true, (folder, sites) => {
      const file = join(folder, "Caddyfile");
      writeFileSync(file, `{\n\tadmin off\n\tauto_https off\n}\n${sites}`);
      return ["/usr/bin/caddy", "run", "--config", file, "--adapter", "caddyfile"];
    }),
};
const pairs = Object.entries(proxies).flatMap(([name, begin]) =>
  Object.entries(services).map(([service, open]) => [name, service, () => begin(open)]),
);
for (const [name, service, begin] of pairs) {
  test(`${name} and ${service}: visitors with a session pass with their identity, others are refused or redirected`, async () => {
    const proxy = await begin();
    const jar = await signUp(proxy);
    const read = async (path, from, options) => (await visit(proxy, from, path, options)).json();
    assert.deepEqual(await read("/account?x=1", jar), { name: "Ada Lovelace", forged: false });
    assert.deepEqual(await read("/notes", jar, { method: "POST", body: "x" }), { name: "Ada Lovelace", forged: false });
    const forged = { "x-better-session-identity": "forged" };
    assert.deepEqual(await read("/", null, { headers: forged }), { name: null, forged: false });
    assert.equal((await visit(proxy, null, "/account", { headers: forged })).status, 401);
    // The visitor's own copies of the headers do not count.
    const named = { "x-forwarded-uri": "/", "x-forwarded-method": "GET", "x-original-url": "/" };
    assert.equal((await visit(proxy, null, "/account", { headers: named })).status, 401);
    const page = await visit(proxy, null, "/account?tab=2", { headers: NAVIGATION });
    assert.equal(page.status, 302);
    const { pathname, searchParams } = new URL(page.headers.get("location"), proxy.url);
    assert.deepEqual([pathname, searchParams.get("callbackURL")], ["/sign-in", "/account?tab=2"]);
    for (const path of ["//account", "/%61ccount", "/sign-in/../account", "/account%2f"]) {
      const { status } = await visit(proxy, null, path);
      assert.ok(status >= 300 && status < 500, `${path}: ${status}`);
    }
    const elsewhere = await visit(proxy, null, "//evil.example/", { headers: NAVIGATION });
    const way = elsewhere.headers.get("location");
    const back = way && new URL(way, proxy.url).searchParams.get("callbackURL");
    assert.ok(elsewhere.status >= 300 && elsewhere.status < 500 && !/^[/\\]{2}/.test(back ?? ""), `${elsewhere.status} ${way}`);
    const renewed = await visit(proxy, jar.dropCache(), "/account");
    assert.equal((await renewed.json()).name, "Ada Lovelace");
    if (name === "nginx") assert.match(renewed.headers.getSetCookie().join(), /better-auth\.session_data=/);
  });
}
