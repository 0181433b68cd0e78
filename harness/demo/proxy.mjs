// The one address a visitor sees: the page's files come from here, what the devices ask goes to the Workers as it is.

import { createServer, request as ask } from "node:http";

const LANES = /^\/(gate|plain)\//;

/** Listens on 127.0.0.1 at `port`; `workers` is the URL of the Workers runtime. Answers { close() }. */
export async function openProxy(port, page, workers) {
  const server = createServer((request, response) => {
    const answered = LANES.test(request.url) ? pass(request, response, workers) : page(request, response);
    Promise.resolve(answered).catch(() => response.destroy());
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    close: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}

/** A connection for each: one that is kept may be closed by the other side in the moment it is used again. */
function pass(request, response, workers) {
  const { method, headers } = request;
  const onward = ask(new URL(request.url, workers), { method, headers: { ...headers, connection: "close" }, agent: false }, (answer) => {
    const { connection, ...kept } = answer.headers;
    response.writeHead(answer.statusCode, kept);
    answer.pipe(response);
  });
  onward.on("error", () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}
