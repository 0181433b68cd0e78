// A Worker whose connections stay open: events, streams and WebSockets, also of a hibernating Durable Object.
import { RevocationLog, createSessionGate, durableObjectFeed } from "better-session/edge";
import { env } from "cloudflare:workers";

export { RevocationLog };

let down = false;
let reads = 0;
const feed = durableObjectFeed(env.LOG);
const counted = {
  append: (batch) => feed.append(batch),
  async since(cursor, ctx) {
    reads += 1;
    if (down) throw new Error("the feed is down");
    return feed.since(cursor, ctx);
  },
};
const gate = createSessionGate({ ...env.OPTIONS, revocation: { ...env.OPTIONS.revocation, feed: counted, onError() {} } });

const encoder = new TextEncoder();
const headers = { "content-type": "text/event-stream" };

/** Sends an event now and then. It ends with the signal. */
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

function pair() {
  const { 0: client, 1: server } = new WebSocketPair();
  return { client, server };
}

function socket(onOpen) {
  const { client, server } = pair();
  server.accept();
  server.addEventListener("message", ({ data }) => server.send(`echo ${data}`));
  server.addEventListener("close", () => server.close());
  onOpen(server);
  return new Response(null, { status: 101, webSocket: client });
}

const app = async (request, visitor) => {
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
    case "/socket":
      return socket((server) => visitor.signal.addEventListener("abort", () => server.close(4401, "session ended")));
    case "/guarded-socket":
      return gate.guard(
        socket(() => {}),
        visitor,
      );
    case "/late-socket":
      await new Promise((ended) => visitor.signal.addEventListener("abort", ended));
      return gate.guard(
        socket(() => {}),
        visitor,
      );
    case "/room":
      return env.ROOM.get(env.ROOM.idFromName("room")).fetch(request);
  }
};

/** A room whose sockets hibernate: an alarm wakes it to check their sessions. */
export class Room {
  constructor(ctx) {
    this.ctx = ctx;
  }

  async fetch(request) {
    const { connection } = await gate.authenticate(request);
    if (!connection) return new Response(null, { status: 401 });
    const { client, server } = pair();
    this.ctx.acceptWebSocket(server);
    server.serializeAttachment(connection);
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(Date.now() + 500);
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(socket, message) {
    socket.send(`echo ${message}`);
  }

  /** A socket that the visitor closed counts as open until it is closed here too. */
  webSocketClose(socket, code) {
    socket.close(code === 1005 || code === 1006 ? 1000 : code);
  }

  async alarm() {
    for (const socket of this.ctx.getWebSockets()) {
      const connection = await gate.checkConnection(socket.deserializeAttachment());
      if (connection) socket.serializeAttachment(connection);
      else socket.close(4401, "session ended");
    }
    if (this.ctx.getWebSockets().length > 0) await this.ctx.storage.setAlarm(Date.now() + 500);
  }
}

export default {
  async fetch(request, _env, ctx) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/test/feed") {
      down = searchParams.has("down");
      return Response.json({ reads });
    }
    return gate.fetch(request, ctx, app);
  },
};
