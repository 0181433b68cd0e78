// Faulty responses of a server, by path.
import { createServer } from "node:http";

const answers = {
  "no-content": { status: 204, body: "" },
  empty: { status: 200, body: "" },
  html: { status: 200, type: "text/html; charset=utf-8", body: "<!doctype html><title>Login</title>" },
  "html-error": { status: 502, type: "text/html", body: "<h1>Bad gateway</h1>" },
  half: { status: 200, body: '{"session":{"id":"1","tok' },
  text: { status: 200, type: "text/plain", body: "pong" },
  bytes: { status: 200, type: "application/octet-stream", body: "\x01\x02" },
  "error-text": { status: 500, type: "text/plain", body: "out of order" },
  "error-list": { status: 422, body: "[1]" },
  proto: { status: 200, body: '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"fine":1}' },
  dates: {
    status: 200,
    body: '{"at":"2026-01-02T03:04:05.678Z","zone":"2026-01-02T03:04:05+02:00","day":"2026-01-02","month":"2026-13-01T00:00:00Z","fine":"2026-01-02T03:04:05.6789123Z","text":"on 2026-01-02T03:04:05Z"}',
  },
  busy: { status: 429, headers: { "retry-after": "7" }, body: '{"code":"RATE_LIMITED","message":"Too many requests"}' },
  garbage: { status: 200, body: '"not a session"' },
  "no-list": { status: 200, body: "null" },
  cors: { status: 200, body: "{}" },
};

const tries = new Map();

/** A server of faults for pages of other origins: `/faults/cors` is the one that refuses them. */
export async function startFaults() {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (pathname !== "/faults/cors") allow(request, response);
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    fault(pathname.slice("/faults/".length), request, response);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { faults: `http://127.0.0.1:${server.address().port}/faults`, close: () => (server.close(), server.closeAllConnections()) };
}

/** Lets pages of any origin call, cookies included. */
export function allow(request, response) {
  if (!request.headers.origin) return;
  response.setHeader("access-control-allow-origin", request.headers.origin);
  response.setHeader("access-control-allow-credentials", "true");
  response.setHeader("access-control-allow-headers", "content-type, authorization, x-deaf, x-hold, x-test");
  response.setHeader("access-control-allow-methods", "GET, POST, PUT, DELETE");
  response.setHeader("access-control-expose-headers", "retry-after");
}

async function fault(name, request, response) {
  const [kind, detail] = name.split("/");
  if (kind === "redirect") return response.writeHead(302, { location: "/faults/html" }).end();
  if (kind === "hang") return undefined;
  if (kind === "reset") return request.socket.destroy();
  if (kind === "cut") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
    return response.write('{"half":', () => request.socket.destroy());
  }
  // Refuses twice, then answers; `detail` is who asks.
  if (kind === "flaky" || kind === "patient") {
    const count = (tries.get(name) ?? 0) + 1;
    tries.set(name, count);
    const again = kind === "patient" ? { "retry-after": "1" } : {};
    return say(
      response,
      count < 3 ? { status: 503, headers: again, body: "{}" } : { status: 200, body: JSON.stringify({ count, detail }) },
    );
  }
  return say(response, answers[kind] ?? { status: 404, body: "{}" });
}

function say(response, { status, type = "application/json", headers = {}, body }) {
  response.writeHead(status, status === 204 ? headers : { "content-type": type, ...headers }).end(body);
}
