// The published Better Auth versions that the harness runs, each with its own adapter and cookie reader.

import { readFile } from "node:fs/promises";

/** The npm package of each version. */
const PACKAGES = {
  "1.4.0": "better-auth-1-4-0",
  "1.4.22": "better-auth-1-4-22",
  "1.5.6": "better-auth-1-5-6",
  "1.6.34": "better-auth-1-6-34",
  latest: "better-auth",
};

/** Every version, oldest first; the last one is the newest published. */
export const VERSIONS = Object.keys(PACKAGES);

/** Loads one version's public modules. Throws for a version that is not installed. */
export async function loadBetterAuth(version = "latest") {
  const name = PACKAGES[version] ?? (version === (await number("better-auth")) ? "better-auth" : undefined);
  if (!name) throw new Error(`no such Better Auth version here: ${version} (have ${VERSIONS.join(", ")})`);
  const [main, db, drizzle, node, cookies, crypto] = await Promise.all(
    ["", "/db", "/adapters/drizzle", "/node", "/cookies", "/crypto"].map((path) => import(name + path)),
  );
  return {
    name,
    version: await number(name),
    betterAuth: main.betterAuth,
    getAuthTables: db.getAuthTables,
    drizzleAdapter: drizzle.drizzleAdapter,
    toNodeHandler: node.toNodeHandler,
    cookies,
    crypto,
    /** Imports a plugin module of the same version: `plugin("admin")` exports `admin`. */
    plugin: (path) => import(`${name}/plugins/${path}`),
  };
}

async function number(name) {
  const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return JSON.parse(await readFile(manifest, "utf8")).version;
}
