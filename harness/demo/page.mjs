// Serves the page: `www/` as it is, the built package under /better-session/, and the two bundled libraries.

import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleLibrary } from "./bundle.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** URL prefix -> folder. The package is served from where npm would have put it. */
const FOLDERS = [
  ["/better-session/", join(ROOT, "pkg/dist")],
  ["/workers/", join(ROOT, "harness/demo/workers")],
  ["/", join(ROOT, "www")],
];

const LIBRARIES = {
  "/libraries/bowser.js": 'export { default } from "bowser";',
  "/libraries/better-auth-cookies.js": 'export { getCookieCache } from "better-auth/cookies";',
};

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** Nothing inline, nothing from elsewhere, nothing sent elsewhere. `'wasm-unsafe-eval'` allows WebAssembly and no other kind of eval. */
export const CSP = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "content-security-policy": CSP,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-cache",
};

/** A function of a Request. `facts` is what /demo.json tells the page of what runs here. */
export async function createPage(facts) {
  const made = new Map();
  for (const [path, source] of Object.entries(LIBRARIES)) made.set(path, await bundleLibrary(source));
  made.set("/demo.json", JSON.stringify(facts));

  return async function page(request) {
    const { pathname } = new URL(request.url);
    if (request.method !== "GET" && request.method !== "HEAD") return text(405, "This page is only for reading.");
    const path = pathname === "/" ? "/index.html" : pathname;
    const body = made.get(path) ?? (await fromDisk(path));
    if (body === null) return text(404, "There is nothing here. The demo is at /.");
    return new Response(body, { headers: { ...HEADERS, "content-type": TYPES[extname(path)] ?? "text/plain; charset=utf-8" } });
  };
}

async function fromDisk(path) {
  const [prefix, folder] = FOLDERS.find(([start]) => path.startsWith(start));
  const file = normalize(join(folder, decodeURI(path.slice(prefix.length))));
  if (!file.startsWith(folder) || !TYPES[extname(file)]) return null;
  try {
    return await readFile(file);
  } catch {
    return null;
  }
}

function text(status, message) {
  return new Response(message, { status, headers: { ...HEADERS, "content-type": "text/plain; charset=utf-8" } });
}
