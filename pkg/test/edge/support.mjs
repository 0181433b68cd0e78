// Starts the gate in real workerd, in front of a real Better Auth origin.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { SECRET, call, startOrigin } from "../../../harness/origin.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "../../dist");

/** Returns modules for Miniflare: a bundle, as a user's bundler makes it, and the wasm. */
export async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker"],
    external: ["cloudflare:*", "node:*"],
    plugins: [
      { name: "wasm", setup: ({ onResolve }) => void onResolve({ filter: /\.wasm$/ }, () => ({ path: "./gate.wasm", external: true })) },
    ],
  });
  return [
    { type: "ESModule", path: "worker.mjs", contents: outputFiles[0].text },
    { type: "CompiledWasm", path: "gate.wasm", contents: readFileSync(join(dist, "gate.wasm")) },
  ];
}

const bundles = new Map();

/** Bundles each entry once. */
function bundled(entry) {
  if (!bundles.has(entry)) bundles.set(entry, bundle(join(here, entry)));
  return bundles.get(entry);
}

/**
 * Gates before one origin (a harness origin, or any { url }), each a Worker of its own in one workerd. `gates` is
 * { name: { options, entry, ...bindings } }: `options` are the gate's, `entry` is the Worker's source, `APP: "here"` puts
 * the app into it. Unless the options say otherwise nothing is hidden, so that the first `get-session` is answered from the cookie. Answers { name: gate, close() }; the harness's people can be sent through a gate as if it were an origin.
 */
export async function startGates(origin, gates) {
  const workerd = new Miniflare({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    workers: await Promise.all(
      Object.entries(gates).map(async ([name, { options = {}, entry = "worker.mjs", durableObjects = {}, ...bindings }]) => ({
        name,
        modules: await bundled(entry),
        compatibilityDate: "2026-04-01",
        bindings: {
          OPTIONS: asJson({
            secret: SECRET,
            origin: origin.url,
            session: { cookieCache: { enabled: true } },
            hiddenFields: {},
            ...options,
          }),
          ...bindings,
        },
        durableObjects,
        unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      })),
    ),
  });
  await workerd.ready;
  const at = async (name) => ({ url: (await workerd.unsafeGetDirectURL(name)).origin, basePath: origin.basePath ?? "/api/auth" });
  const started = await Promise.all(Object.keys(gates).map(async (name) => [name, await at(name)]));
  return { ...Object.fromEntries(started), close: () => workerd.dispose() };
}

/** Converts options to bindings of a Worker: `secret: undefined` removes the secret of the harness. */
const asJson = (value) => JSON.parse(JSON.stringify(value));

/** Starts a gate in front of `origin`. */
export async function startGate(origin, options = {}, { app, bindings = {} } = {}) {
  const { gate, close } = await startGates(origin, { gate: { options, ...(app ? { APP: app } : {}), ...bindings } });
  return { ...gate, close };
}

/** Starts an origin and gates whose URLs it trusts. Returns { origin, name: gate, trust(url), close() }. */
export async function startAll(originOptions, gates, before = (origin) => origin) {
  const trusted = [];
  const origin = await startOrigin({ ...originOptions, auth: { ...originOptions.auth, trustedOrigins: () => trusted } });
  const started = await startGates(await before(origin), gates).catch(async (error) => {
    await origin.close();
    throw error;
  });
  const { close, ...named } = started;
  trusted.push(origin.url, ...Object.values(named).map(({ url }) => url));
  return { origin, ...named, trust: (url) => void trusted.push(url), close: () => Promise.all([close(), origin.close()]) };
}

/** Starts an origin and a gate. */
export async function startPair(originOptions = {}, gateOptions = {}, { app, bindings = {} } = {}) {
  return startAll(originOptions, { gate: { options: gateOptions, ...(app ? { APP: app } : {}), ...bindings } });
}

/** Calls the auth API through the gate, with the gate's `Origin`. */
export function through(gate, jar, path, options = {}) {
  return call(gate, jar, path, options);
}

/** Requests a path of the site with the jar's cookies. */
export async function visit(gate, jar, path, { headers = {}, ...init } = {}) {
  const response = await fetch(gate.url + path, {
    redirect: "manual",
    ...init,
    headers: { ...(jar?.size ? { cookie: jar.header() } : {}), ...headers },
  });
  jar?.store(response);
  return response;
}
