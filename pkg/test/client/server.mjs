// A real Better Auth server that pages of other local ports may call, and what the client's tests ask of it besides: a
// session made old or over, answers held back, the files of a page.
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { startOrigin } from "../../../harness/origin.mjs";
import { pkg } from "../support/pack.mjs";
import { allow } from "./faults.mjs";

const DAY = 86_400_000;
/** The files that a page with the client needs. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src *; img-src data:";

/**
 * An origin that holds an answer back for as many milliseconds as a request's `x-hold` says; `files` are texts by path,
 * `/` an empty page. Options are those of `startOrigin`.
 */
export async function startServer(options = {}) {
  const files = {};
  const origin = await startOrigin({
    ...options,
    plugins: async (betterAuth) => [(await betterAuth.plugin("bearer")).bearer()],
    trustedOrigins: ["http://127.0.0.1:*", "http://localhost:*"],
    auth: {
      user: { additionalFields: { plan: { type: "string", required: false } }, deleteUser: { enabled: true } },
      session: { additionalFields: { theme: { type: "string", required: false } } },
      ...options.auth,
    },
    before: async (request, response) => {
      const { pathname, searchParams } = new URL(request.url, "http://localhost");
      allow(request, response);
      if (request.method === "OPTIONS") return (response.writeHead(204).end(), true);
      if (pathname === "/test/session") {
        await change(await origin.auth.$context, searchParams.get("token"), searchParams.get("make"));
        return (response.writeHead(204).end(), true);
      }
      // A server, or something before it, that says yes and does nothing.
      if (request.headers["x-deaf"] && pathname.endsWith("/revoke-session")) {
        return (response.writeHead(200, { "content-type": "application/json" }).end('{"status":true}'), true);
      }
      if (request.headers["x-hold"]) await wait(Number(request.headers["x-hold"]));
      return serve(files, pathname, response);
    },
  });
  return Object.assign(origin, {
    files,
    /** Returns the number of session requests with `x-test: <who>`. */
    looks: (who) =>
      origin.requests.filter(
        ({ method, path, headers }) => method !== "OPTIONS" && path.endsWith("/get-session") && headers["x-test"] === who,
      ).length,
  });
}

/** Makes a session `expired`, or `old`: created two days ago, so it is not fresh. */
async function change({ internalAdapter }, token, make) {
  const [past, old] = [new Date(Date.now() - 1000), new Date(Date.now() - 2 * DAY)];
  await internalAdapter.updateSession(token, make === "expired" ? { expiresAt: past } : { createdAt: old });
}

/** `/dist/…` is the built package, `/client/…` this folder, `/job.js` the client's own side of a call, `/nanostores.js` its dependency. */
function serve(files, path, response) {
  const text = files[path] ?? stored(path);
  if (text === undefined) return false;
  const type = /\.m?js$/.test(path) ? "text/javascript" : "text/html";
  response.writeHead(200, { "content-type": type, "content-security-policy": POLICY }).end(text);
  return true;
}

function stored(path) {
  if (path === "/") return '<!doctype html><meta charset="utf-8"><title>page</title><link rel="icon" href="data:,"><main></main>';
  if (path === "/job.js") return bundle({ entryPoints: [join(pkg, "src/client/job.ts")] });
  if (path === "/nanostores.js") return bundle({ stdin: { contents: 'export * from "nanostores"', resolveDir: pkg } });
  const [, folder, name] = /^\/(dist|client|suite)\/([\w./-]+\.m?js)$/.exec(path) ?? [];
  if (!folder || name.includes("..")) return undefined;
  // A page has no bundler that resolves the name of a package.
  return readFileSync(join(pkg, folder === "dist" ? "dist" : `test/${folder}`, name), "utf8").replace('"nanostores"', '"/nanostores.js"');
}

function bundle(entry) {
  const define = { "process.env.NODE_ENV": '"production"' };
  return buildSync({ ...entry, bundle: true, format: "esm", write: false, define, logLevel: "error" }).outputFiles[0].text;
}
