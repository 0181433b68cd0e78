// The gate in real workerd, before a real Better Auth origin.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { SECRET, call, startOrigin } from "../../../harness/origin.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "../../dist");

/** Modules for Miniflare: one bundle, as a user's bundler makes it, and the wasm beside it. */
export async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker"],
    external: ["cloudflare:*", "node:*"],
    plugins: [{ name: "wasm", setup: ({ onResolve }) => void onResolve({ filter: /\.wasm$/ }, () => ({ path: "./gate.wasm", external: true })) }],
  });
  return [
    { type: "ESModule", path: "worker.mjs", contents: outputFiles[0].text },
    { type: "CompiledWasm", path: "gate.wasm", contents: readFileSync(join(dist, "gate.wasm")) },
  ];
}

let bundled;

/**
 * A gate Worker before `origin` (a harness origin, or any URL). `options` are the gate's; `app: "here"` puts the app
 * into the Worker. Answers { url, origin, close() }, with which the harness's people can be sent through the gate.
 */
export async function startGate(origin, options = {}, { app, bindings = {}, ...miniflare } = {}) {
  bundled ??= bundle(join(here, "worker.mjs"));
  const settings = { secret: SECRET, origin: origin.url, session: { cookieCache: { enabled: true } }, ...options };
  const workerd = new Miniflare({
    modules: await bundled,
    compatibilityDate: "2026-04-01",
    host: "127.0.0.1",
    port: 0,
    cf: false,
    bindings: { OPTIONS: settings, ...(app ? { APP: app } : {}), ...bindings },
    ...miniflare,
  });
  const url = (await workerd.ready).origin;
  return { url, basePath: origin.basePath ?? "/api/auth", workerd, close: () => workerd.dispose() };
}

/** An origin and a gate that trust each other's URLs, closed together. */
export async function startPair(originOptions = {}, gateOptions = {}, placement = {}) {
  const trusted = [];
  const origin = await startOrigin({ ...originOptions, auth: { ...originOptions.auth, trustedOrigins: () => trusted } });
  trusted.push(origin.url);
  const gate = await startGate(origin, gateOptions, placement);
  trusted.push(gate.url);
  return { origin, gate, close: () => Promise.all([gate.close(), origin.close()]) };
}

/** A call of the auth API through the gate, with its own `Origin`. */
export function through(gate, jar, path, options = {}) {
  return call(gate, jar, path, options);
}

/** Any path of the site, with the jar's cookies. */
export async function visit(gate, jar, path, { headers = {}, ...init } = {}) {
  const response = await fetch(gate.url + path, {
    redirect: "manual",
    ...init,
    headers: { ...(jar?.size ? { cookie: jar.header() } : {}), ...headers },
  });
  jar?.store(response);
  return response;
}
