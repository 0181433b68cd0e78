// The one address a visitor sees: the page's files come from here, what the devices ask goes to the Workers as it is.

import { Agent, createServer, request as ask } from "node:http";

const LANES = /^\/(gate|plain)\//;

/** Listens on 127.0.0.1 at `port`; `workers` is the URL of the Workers runtime. Answers { close() }. */
export async function openDoor(port, page, workers) {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((request, response) => {
    const answered = LANES.test(request.url) ? pass(request, response, workers, agent) : page(request, response);
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
      agent.destroy();
    }),
  };
}

function pass(request, response, workers, agent) {
  const { method, headers } = request;
  const onward = ask(new URL(request.url, workers), { method, headers, agent }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}
