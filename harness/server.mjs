// A node:http server that counts and records its requests.

import { createServer } from "node:http";

/** Listens on 127.0.0.1, at any free port unless one is given. `setHandler` sets the request handler. */
export async function listen(port = 0) {
  let handler = null;
  const counts = {};
  const requests = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    const key = `${request.method} ${path}`;
    counts[key] = (counts[key] ?? 0) + 1;
    requests.push({ method: request.method, path, url: request.url, headers: request.headers, at: Date.now() });
    Promise.resolve(handler?.(request, response)).catch((error) => {
      response.statusCode = 500;
      response.end(String(error?.stack ?? error));
    });
  });
  // A client must not use a connection just as it is closed here.
  server.keepAliveTimeout = 600_000;
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: server.address().port,
    counts,
    requests,
    setHandler: (next) => {
      handler = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** Responds with a description of the request, so that a test can check what a gate forwarded. */
export async function echo(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  response.setHeader("content-type", "application/json");
  response.setHeader("x-origin", "app");
  response.end(
    JSON.stringify({
      origin: true,
      method: request.method,
      url: request.url,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    }),
  );
}
