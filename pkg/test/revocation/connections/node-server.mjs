// The same connections in Node: nodeListener, and `ws` for WebSockets.
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { createSessionGate, memoryFeed, nodeListener } from "../../../dist/edge.js";

const headers = { "content-type": "text/event-stream" };
const encoder = new TextEncoder();

function events(signal) {
  let timer;
  return new ReadableStream({
    start(controller) {
      const send = () => controller.enqueue(encoder.encode("data: tick\n\n"));
      send();
      timer = setInterval(send, 100);
      signal?.addEventListener("abort", () => (clearInterval(timer), controller.close()));
    },
    cancel: () => clearInterval(timer),
  });
}

/** Starts a server with a gate. `state.down` takes the feed away, `state.reads` counts its reads. */
export async function startNode(options, { feed = memoryFeed() } = {}) {
  const state = { down: false, reads: 0, errors: [] };
  const counted = {
    append: (batch) => feed.append(batch),
    async since(cursor) {
      state.reads += 1;
      if (state.down) throw new Error("the feed is down");
      return feed.since(cursor);
    },
  };
  const gate = createSessionGate({ ...options, revocation: { ...options.revocation, feed: counted, onError() {} } });
  const app = (request, visitor) => {
    switch (new URL(request.url).pathname) {
      case "/":
        return new Response("<!doctype html><link rel=icon href=data:,>", { headers: { "content-type": "text/html" } });
      case "/events":
        return new Response(events(visitor.signal), { headers });
      case "/guarded":
        return gate.guard(new Response(events(), { headers }), visitor);
      case "/download":
        return gate.guard(new Response(events()), visitor);
      case "/short":
        return visitor.signal.aborted ? new Response("aborted") : Response.json(visitor.user.id);
    }
  };
  const server = createServer(nodeListener(gate, app, { onError: (error) => state.errors.push(error) }));
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", async (request, socket, head) => {
    const closed = new AbortController();
    socket.once("close", () => closed.abort());
    const url = `http://${request.headers.host}${request.url}`;
    const { user, signal } = await gate.authenticate(new Request(url, { headers: request.headers, signal: closed.signal }));
    if (!user) return socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
    sockets.handleUpgrade(request, socket, head, (connection) => {
      connection.on("message", (message) => connection.send(`echo ${message}`));
      signal.addEventListener("abort", () => connection.close(4401, "session ended"));
    });
  });
  server.keepAliveTimeout = 600_000;
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    basePath: "/api/auth",
    gate,
    errors: state.errors,
    async feed(down) {
      state.down = down;
      return state.reads;
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
