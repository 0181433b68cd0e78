// A real Better Auth server that pages of other local ports may call, and what the client's tests ask of it besides: a
// session made old or over, answers held back, faults, the files of a page.
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { startOrigin } from "../../../harness/origin.mjs";
import { pkg } from "../support/pack.mjs";
import { fault } from "./faults.mjs";

const DAY = 86_400_000;

/**
 * An origin whose `hold` is how many milliseconds every `get-session` takes, and whose `files` are texts by path:
 * `.js` and `.html` are served as such. Options are those of `startOrigin`.
 */
export async function startServer(options = {}) {
  const state = { hold: 0, files: {} };
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
      // Without these a page of another origin is refused: that is a fault of its own.
      if (pathname !== "/faults/cors") allow(request, response);
      if (request.method === "OPTIONS") return response.writeHead(204).end(), true;
      if (pathname.startsWith("/faults/")) return fault(pathname.slice("/faults/".length), request, response), true;
      if (pathname === "/test/session") {
        await change(await origin.auth.$context, searchParams.get("token"), searchParams.get("make"));
        return response.writeHead(204).end(), true;
      }
      // A server, or something before it, that says yes and does nothing.
      if (request.headers["x-deaf"] && pathname.endsWith("/revoke-session")) {
        return response.writeHead(200, { "content-type": "application/json" }).end('{"status":true}'), true;
      }
      if (pathname.endsWith("/get-session")) await wait(state.hold);
      return serve(state.files, pathname, response);
    },
  });
  return Object.assign(origin, {
    set hold(ms) { state.hold = ms; },
    get files() { return state.files; },
    /** How often the session was asked for. */
    get looks() { return (origin.counts["GET /api/auth/get-session"] ?? 0) + (origin.counts["POST /api/auth/get-session"] ?? 0); },
  });
}

function allow(request, response) {
  if (!request.headers.origin) return;
  response.setHeader("access-control-allow-origin", request.headers.origin);
  response.setHeader("access-control-allow-credentials", "true");
  response.setHeader("access-control-allow-headers", "content-type, authorization, x-deaf, x-test");
  response.setHeader("access-control-allow-methods", "GET, POST, PUT, DELETE");
  response.setHeader("access-control-expose-headers", "retry-after");
}

/** Makes a session `expired`, or `old`: signed in two days ago, which is not fresh. */
async function change({ internalAdapter }, token, make) {
  const [past, old] = [new Date(Date.now() - 1000), new Date(Date.now() - 2 * DAY)];
  await internalAdapter.updateSession(token, make === "expired" ? { expiresAt: past } : { createdAt: old });
}

/** `/dist/…` is the built package, `/client/…` this folder, `/job.js` the client's own side of a call. */
function serve(files, path, response) {
  const text = files[path] ?? stored(path);
  if (text === undefined) return false;
  response.writeHead(200, { "content-type": /\.m?js$/.test(path) ? "text/javascript" : "text/html" }).end(text);
  return true;
}

function stored(path) {
  if (path === "/job.js") return transformSync(readFileSync(join(pkg, "src/client/job.ts"), "utf8"), { loader: "ts" }).code;
  const [, folder, name] = /^\/(dist|client|suite)\/([\w./-]+\.m?js)$/.exec(path) ?? [];
  if (!folder || name.includes("..")) return undefined;
  return readFileSync(join(pkg, folder === "dist" ? "dist" : `test/${folder}`, name), "utf8");
}
