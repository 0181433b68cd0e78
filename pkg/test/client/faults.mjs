// Servers gone wrong: what each says to any request. `fault` is the server's side, with node:http.

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
  dates: { status: 200, body: '{"at":"2026-01-02T03:04:05.678Z","zone":"2026-01-02T03:04:05+02:00","day":"2026-01-02","text":"on 2026-01-02T03:04:05Z"}' },
  busy: { status: 429, headers: { "retry-after": "7" }, body: '{"code":"RATE_LIMITED","message":"Too many requests"}' },
  garbage: { status: 200, body: '"not a session"' },
  "no-list": { status: 200, body: "null" },
  cors: { status: 200, body: "{}" },
};

const tries = new Map();

export async function fault(name, request, response) {
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
    return say(response, count < 3 ? { status: 503, headers: again, body: "{}" } : { status: 200, body: JSON.stringify({ count, detail }) });
  }
  return say(response, answers[kind] ?? { status: 404, body: "{}" });
}

function say(response, { status, type = "application/json", headers = {}, body }) {
  response.writeHead(status, status === 204 ? headers : { "content-type": type, ...headers }).end(body);
}
