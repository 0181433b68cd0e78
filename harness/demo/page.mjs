// Serves the page: the files of `www/`, and the npm packages that it uses as bundles under /libraries/.

import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import { bundleLibrary } from "./bundle.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Pairs of URL prefix and folder. */
const FOLDERS = [
  ["/better-session/", join(ROOT, "pkg/dist/")], // core.wasm, compiled by the page while it downloads
  ["/workers/", join(ROOT, "harness/demo/workers/")],
  ["/", join(ROOT, "www/")],
];

const LIBRARIES = {
  "/libraries/better-session.js": 'export { createVerifier, decode, useCore } from "better-session/slim";',
  "/libraries/better-session-client.js": 'export { createAuthClient } from "better-session/client";',
  "/libraries/bowser.js": 'export { default } from "bowser/src/bowser.js";',
  "/libraries/better-auth-cookies.js": 'export { getCookieCache } from "better-auth/cookies";',
};

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};
const COMPRESSORS = { br: promisify(brotliCompress), gzip: promisify(gzip) };
/** Files that are slow to compress and needed early: compressed at the start. */
const LARGE = ["/better-session/core.wasm", "/libraries/better-auth-cookies.js"];

/** Forbids inline code and other origins. `'wasm-unsafe-eval'` allows the compilation of WebAssembly only. */
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

const COMMON = { "cache-control": "no-cache", "x-content-type-options": "nosniff" };
const DOCUMENT = {
  ...COMMON,
  "content-security-policy": CSP,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "referrer-policy": "no-referrer",
};

/** Returns a request handler for node:http. `config` is the content of /demo.json. */
export async function createPage(config) {
  const made = new Map([["/demo.json", file(Buffer.from(JSON.stringify(config)))]]);
  await Promise.all(
    Object.entries(LIBRARIES).map(async ([path, source]) => made.set(path, file(Buffer.from(await bundleLibrary(source))))),
  );
  const read = new Map();
  const find = async (path) => made.get(path) ?? fromDisk(path, read);
  for (const path of LARGE) find(path).then((found) => found && compressed(found, "br"));

  return async function page(request, response) {
    // The page has fifty small files, so the size of the headers matters.
    response.sendDate = false;
    response.removeHeader("connection");
    const { pathname } = new URL(request.url, "http://page");
    const path = pathname === "/" ? "/index.html" : pathname;
    if (request.method !== "GET" && request.method !== "HEAD") return text(response, 405, "Only GET and HEAD are allowed.");
    const found = await find(path);
    if (!found) return text(response, 404, "There is nothing here. The demo is at /.");
    const { etag, body } = found;
    const headers = { ...(path.endsWith(".html") ? DOCUMENT : COMMON), "content-type": TYPES[extname(path)] ?? TYPES[".js"], etag };
    if (request.headers["if-none-match"] === etag) return response.writeHead(304, headers).end();
    const encoding = ["br", "gzip"].find((one) => new RegExp(`\\b${one}\\b`).test(request.headers["accept-encoding"] ?? ""));
    if (encoding) headers["content-encoding"] = encoding;
    const bytes = encoding ? await compressed(found, encoding) : body;
    response.writeHead(200, { ...headers, "content-length": bytes.length }).end(request.method === "HEAD" ? undefined : bytes);
  };
}

/** Returns a file, read again after each change on disk. */
async function fromDisk(path, read) {
  const [prefix, folder] = FOLDERS.find(([start]) => path.startsWith(start));
  try {
    const name = normalize(join(folder, decodeURI(path.slice(prefix.length))));
    if (!name.startsWith(folder) || !TYPES[extname(name)]) return null;
    const { mtimeMs } = await stat(name);
    if (read.get(name)?.mtimeMs !== mtimeMs) read.set(name, { mtimeMs, ...file(await readFile(name)) });
    return read.get(name);
  } catch {
    return null;
  }
}

function file(body) {
  return { body, etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 16)}"`, encoded: {} };
}

/** Compresses each file once for each encoding, also for concurrent requests. */
function compressed(found, encoding) {
  return (found.encoded[encoding] ??= COMPRESSORS[encoding](found.body));
}

function text(response, status, message) {
  response.writeHead(status, { ...DOCUMENT, "content-type": "text/plain; charset=utf-8" }).end(message);
}
