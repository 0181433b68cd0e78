// The public server of the demo: serves the page and forwards the devices' requests to the Workers.

import { createServer, request as httpRequest } from "node:http";

const WORKER_PATHS = /^\/(gate|plain)\//;

/** Listens on 127.0.0.1 at `port`. `workers` is the URL of the Workers runtime. Returns { close() }. */
export async function startProxy(port, page, workers) {
  const server = createServer((request, response) => {
    const handled = WORKER_PATHS.test(request.url) ? forward(request, response, workers) : page(request, response);
    Promise.resolve(handled).catch(() => response.destroy());
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** Forwards a request over a new connection: a kept-alive one may be closed by the runtime while it is reused. */
function forward(request, response, workers) {
  const { method, headers } = request;
  const outgoing = httpRequest(
    new URL(request.url, workers),
    { method, headers: { ...headers, connection: "close" }, agent: false },
    (incoming) => {
      const { connection, ...kept } = incoming.headers;
      response.writeHead(incoming.statusCode, kept);
      incoming.pipe(response);
    },
  );
  outgoing.on("error", () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  response.on("close", () => outgoing.destroy());
  request.pipe(outgoing);
}
