// Installs, builds and starts the apps of examples/ in front of a real Better Auth server.
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { SECRET, startOrigin } from "../../../harness/origin.mjs";
import { pkg, root } from "../support/pack.mjs";

/** The version of Node.js for frameworks that do not run on the oldest one that the package supports. */
const NODE = "24.21.0";
const tools = join(root, ".tools/examples");
const START_SECONDS = 120;
const QUIET = { NEXT_TELEMETRY_DISABLED: "1", ASTRO_TELEMETRY_DISABLED: "1", NUXT_TELEMETRY_DISABLED: "1" };

/**
 * Copies an example to .tools, installs what its lock file pins unless that is there already, and puts the package in that was built here.
 * `as` names the copy. `versions` replaces versions of dependencies, without the lock file, and `rename` files. Returns the folder.
 */
export function installExample(name, { as = name, versions, rename = {} } = {}) {
  const source = join(root, "examples", name);
  const folder = join(tools, as);
  mkdirSync(folder, { recursive: true });
  for (const entry of readdirSync(folder)) if (entry !== "node_modules") rmSync(join(folder, entry), { recursive: true, force: true });
  cpSync(source, folder, { recursive: true, filter: (path) => !path.includes("node_modules") });
  const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  delete manifest.dependencies["better-session"];
  Object.assign(manifest.dependencies, versions);
  for (const [from, to] of Object.entries(rename)) renameSync(join(folder, from), join(folder, to));
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  writeFileSync(join(folder, ".npmrc"), "fund=false\naudit=false\nomit-lockfile-registry-resolved=true\n");
  const lock = join(folder, "package-lock.json");
  if (versions) rmSync(lock, { force: true });
  const pinned = existsSync(lock);
  const stamp = join(folder, "node_modules/.installed");
  const wanted = createHash("sha256")
    .update(JSON.stringify(manifest) + (pinned ? readFileSync(lock) : ""))
    .digest("hex");
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
    if (!pinned) rmSync(lock, { force: true });
    if (Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length > 0) run("npm", [pinned ? "ci" : "install"], folder);
    writeFileSync(stamp, wanted);
  }
  addPackage(folder);
  return folder;
}

/** Copies the built package and its dependencies, as npm would lay them out. */
function addPackage(folder) {
  const target = join(folder, "node_modules/better-session");
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target);
  for (const entry of ["package.json", "dist"]) cpSync(join(pkg, entry), join(target, entry), { recursive: true });
  const { dependencies } = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    const to = join(folder, "node_modules", name);
    if (!existsSync(to)) cpSync(join(root, "node_modules", name), to, { recursive: true });
  }
}

/** Returns the `bin` folder of the newer Node.js, installed from npm. */
export function newerNode() {
  const folder = join(root, ".tools", `node-${NODE}`);
  if (!existsSync(join(folder, "node_modules/.bin/node"))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    run("npm", ["install", "--no-audit", "--no-fund", "--save-exact", `node@${NODE}`], folder);
  }
  return join(folder, "node_modules/.bin");
}

/**
 * Starts an example. `build` and `start` are commands; `start` gets PORT in its environment. Returns { url, basePath, origin, log, close() }: `url` is
 * the app's, and the harness's users can be sent through it as if it were an origin.
 */
export async function startExample(name, { build, start, newNode = false, env = {}, originOptions = {}, ...install }) {
  const folder = installExample(name, install);
  const path = [...(newNode ? [newerNode()] : []), join(folder, "node_modules/.bin"), process.env.PATH].join(":");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const building = { ...process.env, ...QUIET, PATH: path, BETTER_AUTH_SECRET: SECRET, BETTER_AUTH_URL: url };
  delete building.NODE_TEST_CONTEXT;
  for (const command of build ?? []) run(command[0], command.slice(1), folder, building);
  const trusted = [url];
  const origin = await startOrigin({ ...originOptions, auth: { trustedOrigins: () => trusted, ...originOptions.auth } });
  trusted.push(origin.url);
  const variables = {
    ...building,
    HOST: "127.0.0.1",
    HOSTNAME: "127.0.0.1",
    PORT: String(port),
    AUTH_ORIGIN: origin.url,
    ...env,
  };
  const log = [];
  const child = spawn(start[0], start.slice(1), { cwd: folder, env: variables, stdio: ["ignore", "pipe", "pipe"], detached: true });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => log.push(String(chunk)));
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      process.kill(-child.pid, "SIGKILL");
      await ended;
    }
    await origin.close();
  };
  try {
    await untilReady(url, child, log);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, basePath: origin.basePath, origin, log, folder, trust: (other) => void trusted.push(other), close };
}

async function untilReady(url, child, log) {
  for (const end = Date.now() + START_SECONDS * 1000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    if (child.exitCode !== null) throw new Error(`the app exited with ${child.exitCode}:\n${log.join("")}`);
    const response = await fetch(url, { redirect: "manual" }).catch(() => null);
    await response?.body?.cancel();
    if (response && response.status < 500) return;
  }
  throw new Error(`the app did not start:\n${log.join("")}`);
}

/** Runs a command. Its output is part of the error if it fails. */
function run(command, args, cwd, env = process.env) {
  try {
    execFileSync(command, args, { cwd, env, stdio: "pipe", encoding: "utf8", maxBuffer: 1 << 26 });
  } catch (error) {
    throw new Error(`${command} ${args.join(" ")} failed:\n${error.stdout}\n${error.stderr}`, { cause: error });
  }
}

async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
