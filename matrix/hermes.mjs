// Programs in Hermes, React Native's engine, of which npm has binaries.
import { spawn } from "node:child_process";
import { chmodSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { CookieJar } from "../harness/jar.mjs";
import { copySuite, workspace, write } from "./support.mjs";

/** Returns a program of matrix/apps/hermes as Metro makes it: lowered by React Native's preset. `alias` replaces packages. */
export async function program(name, alias = {}) {
  const folder = await workspace(
    "hermes",
    {
      "hermes-engine-cli": "0.12.0",
      "@babel/core": "7.28.4",
      "@react-native/babel-preset": "0.82.1",
      "whatwg-fetch": "3.6.20",
      "abort-controller": "3.0.0",
      "whatwg-url-without-unicode": "8.0.0-3",
      "better-auth": "1.7.25",
      "@better-auth/expo": "1.7.6",
    },
    { files: ["hermes"] },
  );
  copySuite(folder);
  write(folder, "suite/run-all.mjs", 'export { runAll } from "./kit.mjs";\n');
  const { outputFiles } = await build({
    entryPoints: [join(folder, `hermes/${name}.mjs`)],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2020",
    conditions: ["react-native"],
    mainFields: ["react-native", "main", "module"],
    external: ["expo-web-browser"],
    alias: Object.fromEntries(Object.entries(alias).map(([from, to]) => [from, join(folder, to)])),
    logLevel: "error",
  });
  const { transformAsync } = createRequire(join(folder, "package.json"))("@babel/core");
  const presets = [
    [
      "@react-native/babel-preset",
      { unstable_transformProfile: "hermes-stable", disableImportExportTransform: true, enableBabelRuntime: false },
    ],
  ];
  const { code } = await transformAsync(outputFiles[0].text, { cwd: folder, presets, babelrc: false, configFile: false, compact: true });
  return { folder, code };
}

/** Runs `main(argument)` of a program in Hermes and resolves to its results. `argument.origin` is sent as `Origin`, as by a page. */
export function inHermes(folder, code, argument) {
  const binary = join(folder, "node_modules/hermes-engine-cli/linux64-bin/hermes");
  chmodSync(binary, 0o755);
  const engine = spawn(binary, [], { stdio: ["pipe", "pipe", "pipe"] });
  // A timer may end after the program.
  engine.stdin.on("error", () => {});
  const jar = new CookieJar();
  const requests = new Map();
  const tell = (text) => engine.stdin.write(`${text}\n`);
  const answer = (id, message) => tell(`fromHost(${id}, ${JSON.stringify(message)})`);
  const request = async ({ id, method, url, headers, body, withCredentials }) => {
    const controller = new AbortController();
    requests.set(id, controller);
    try {
      const cookie = withCredentials && jar.size ? { cookie: jar.header() } : {};
      const sent = { ...headers, ...(argument.origin ? { origin: argument.origin } : {}), ...cookie };
      const response = await fetch(url, { method, headers: sent, body, signal: controller.signal });
      if (withCredentials) jar.store(response);
      const { status, statusText } = response;
      answer(id, { status, statusText, url: response.url, headers: [...response.headers], text: await response.text() });
    } catch {
      answer(id, { error: true });
    }
  };
  return new Promise((resolve, reject) => {
    const log = [];
    const timer = setTimeout(() => reject(new Error(`no result from Hermes:\n${log.slice(-20).join("\n")}`)), 180_000);
    engine.on("exit", () => reject(new Error(log.slice(-20).join("\n"))));
    engine.stderr.on("data", (text) => log.push(String(text)));
    createInterface({ input: engine.stdout }).on("line", (line) => {
      const at = line.indexOf("\u0001");
      if (at < 0) {
        log.push(line.slice(0, 500));
        if (/Uncaught/.test(line)) engine.kill();
        return;
      }
      const message = JSON.parse(line.slice(at + 1));
      if (message.results) {
        clearTimeout(timer);
        engine.kill();
        resolve(message.results);
      } else if (message.kind === "timer") setTimeout(() => answer(message.id, null), message.ms);
      else if (message.kind === "request") void request(message);
      else requests.get(message.of)?.abort();
    });
    tell(`(0, eval)(${JSON.stringify(code)}); 0`);
    tell(`main(${JSON.stringify(argument)}).catch(function (error) { toHost({ results: [{ name: "main", error: String(error) }] }) }); 0`);
  });
}
