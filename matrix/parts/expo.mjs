// React Native and Expo: the client in React Native's engine, and apps with Better Auth's Expo plugin, each against a real server.
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startOrigin } from "../../harness/origin.mjs";
import { launch, openTab } from "../../pkg/test/client/browser.mjs";
import { backend, closeBackend } from "../backend.mjs";
import { inHermes, program } from "../hermes.mjs";
import { locked, passed, run, write } from "../support.mjs";

export const title = "React Native";
export const close = closeBackend;

/** The folder of the Expo app, with the packages of its lock. */
const expoApp = () => locked("expo");

async function clientInHermes() {
  const { folder, code } = await program("client");
  const { server, faults } = await backend();
  return passed(await inHermes(folder, code, { server, faults, origin: server }), 39);
}

async function expoInHermes() {
  const native = "hermes/native.mjs";
  const modules = ["react-native", "expo-constants", "expo-linking", "expo-network"];
  const { folder, code } = await program("expo", Object.fromEntries(modules.map((name) => [name, native])));
  const origin = await expoServer(folder);
  try {
    const results = await inHermes(folder, code, { server: origin.url });
    const words = passed(results, 14);
    sameCalls(origin, ({ headers }) => headers["x-app"]);
    return words;
  } finally {
    await origin.close();
  }
}

/** Starts a server with the plugin, from the packages in `folder`. `page` handles other paths. */
async function expoServer(folder, page) {
  const { expo } = await import(pathToFileURL(join(folder, "node_modules/@better-auth/expo/dist/index.js")).href);
  return startOrigin({ plugins: [expo()], trustedOrigins: ["better-session://"], app: page });
}

/** Throws if the calls of the two clients, without the lookups, differ in order, path, cookies or the plugin's headers. */
function sameCalls({ requests }, clientOf) {
  const calls = (client) =>
    requests
      .filter((request) => clientOf(request) === client && /^\/api\/auth\/(?!get-session)/.test(request.path))
      .map(({ method, path, headers }) =>
        [method, path, headers["expo-origin"], headers["x-skip-oauth-proxy"], headers.origin && "origin", cookieNames(headers.cookie)].join(
          " ",
        ),
      );
  const [ours, theirs] = [calls("better-session"), calls("better-auth")];
  if (ours.length < 4 || ours.join("\n") !== theirs.join("\n")) {
    throw new Error(`the calls differ:\n${ours.join("\n")}\n---\n${theirs.join("\n")}`);
  }
}

const cookieNames = (cookie = "") =>
  cookie
    .split("; ")
    .map((entry) => entry.split("=")[0])
    .sort()
    .join();

/** Exports the app for the web with each client, as `expo export` does it, and uses it in Chromium. */
async function expoOnWeb() {
  const folder = await expoApp();
  const seen = {};
  for (const client of ["better-session", "better-auth"]) {
    const out = await exported(folder, "web", client);
    const origin = await expoServer(folder, (request, response) => serve(out, request, response));
    try {
      seen[client] = await usesApp(origin);
      seen[client].requests = origin.requests;
    } finally {
      await origin.close();
    }
  }
  const [ours, theirs] = Object.values(seen);
  if (ours.shown.join() !== theirs.shown.join()) throw new Error(`better-session shows ${ours.shown}, better-auth ${theirs.shown}`);
  const requests = Object.entries(seen).flatMap(([client, { requests }]) => requests.map((request) => ({ ...request, client })));
  sameCalls({ requests }, ({ client }) => client);
  return "sign-up, refetch, reload, sign-out and sign-in, with the same calls";
}

/** Exports the app for iOS, as JavaScript. The client in it must be the one without WebAssembly. */
async function expoOnNative() {
  const folder = await expoApp();
  const out = join(await exported(folder, "ios", "better-session", ["--no-bytecode"]), "_expo/static/js/ios");
  const code = readFileSync(join(out, readdirSync(out)[0]), "utf8");
  for (const [text, expected] of [
    ["expo-origin", true],
    ["x-skip-oauth-proxy", true],
    ["better-auth:focus", true],
    ["DecompressionStream", false],
    ["WebAssembly.compile", false],
  ]) {
    if (code.includes(text) !== expected) throw new Error(`the bundle ${expected ? "lacks" : "has"} ${text}`);
  }
  return "bundles the client without WebAssembly";
}

async function exported(folder, platform, client, flags = []) {
  write(folder, "client.js", `export { createAuthClient } from "${client}/react";\n`);
  const out = `out-${platform}-${client}`;
  rmSync(join(folder, out), { recursive: true, force: true });
  const cli = join(folder, "node_modules/expo/bin/cli");
  await run(process.execPath, [cli, "export", "--platform", platform, "--output-dir", out, ...flags], {
    cwd: folder,
    env: { EXPO_OFFLINE: "1" },
  });
  return join(folder, out);
}

function serve(out, request, response) {
  const path = request.url.split("?")[0];
  const file = join(out, path === "/" ? "index.html" : path);
  if (!file.startsWith(out) || !existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": file.endsWith(".js") ? "text/javascript" : "text/html" }).end(readFileSync(file));
}

/** Uses every action of the app. Resolves to the names that it shows. */
async function usesApp({ url, requests }) {
  const browser = await launch();
  const shown = [];
  try {
    const page = await openTab(browser, url);
    const user = page.getByTestId("user");
    const shows = async (name) => {
      await user.getByText(name, { exact: true }).waitFor({ timeout: 10_000 });
      shown.push(name);
    };
    const press = (name) => page.getByRole("button", { name }).click();
    await shows("nobody");
    await press("Sign up");
    await shows("Ada");
    await press("Rename");
    await shows("Grace");
    await page.reload();
    await shows("Grace");
    await press("Sign out");
    await shows("nobody");
    await press("Sign in");
    await shows("Grace");
    const stored = await page.evaluate(() => document.cookie);
    if (stored.includes("session_token")) throw new Error("a script can read the token");
    if (page.errors.length > 0) throw new Error(page.errors.join("\n"));
    return { shown };
  } catch (error) {
    throw new Error(`${error.message}\n${requests.map(({ method, path }) => `${method} ${path}`).join("\n")}`);
  } finally {
    await browser.close();
  }
}

export const cases = [
  ["Hermes 0.12.0", "client without WebAssembly, by the condition react-native", clientInHermes],
  ["Hermes 0.12.0", "@better-auth/expo 1.7.6, beside better-auth/client", expoInHermes],
  ["Expo 56", "`expo export --platform web`, in Chromium, beside better-auth/react", expoOnWeb],
  ["Expo 56", "`expo export --platform ios --no-bytecode`", expoOnNative],
];
