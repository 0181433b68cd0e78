// An origin that misbehaves on real sockets in a configurable way.
import { createServer } from "node:net";

/** Responses by mode. Each function receives the socket after the head of the request. */
const MODES = {
  silent: () => {},
  reset: (socket) => socket.resetAndDestroy(),
  "hang up": (socket) => socket.end(),
  "no HTTP": (socket) => socket.end("220 mail.example ESMTP ready\r\n"),
  "half a head": (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-type: appli"),
  "half a body": (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{"session":{'),
  "body that stalls": (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{"session":{'),
  "not UTF-8": (socket) =>
    socket.end(Buffer.concat([Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n"), Buffer.from([0xff, 0xfe, 0xc0, 0xaf])])),
  "too long": (socket) => socket.end(answer(200, `"${"x".repeat(2 * 1024 * 1024)}"`)),
};

export function answer(status, body, headers = []) {
  const lines = [
    `HTTP/1.1 ${status} Said`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
    ...headers,
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/**
 * Listens on 127.0.0.1. `queue` holds what to do with the next requests, the last entry stays: a mode's name, raw bytes,
 * or a function of the socket. `seen` are the heads that came. `cancelled` counts connections that the gate gave up.
 */
export async function oddOrigin() {
  const sockets = new Set();
  const origin = { queue: ["silent"], seen: [], cancelled: 0, url: "", close };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      if (!socket.writableFinished) origin.cancelled += 1;
    });
    let head = "";
    socket.on("data", (chunk) => {
      if (head.includes("\r\n\r\n")) return;
      head += chunk.toString("latin1");
      if (!head.includes("\r\n\r\n")) return;
      origin.seen.push(head);
      const next = origin.queue.length > 1 ? origin.queue.shift() : origin.queue[0];
      if (typeof next === "function") next(socket);
      else if (MODES[next]) MODES[next](socket);
      else socket.end(next);
    });
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  origin.url = `http://127.0.0.1:${server.address().port}`;
  return origin;

  function close() {
    for (const socket of sockets) socket.destroy();
    return new Promise((closed) => server.close(closed));
  }
}

/** Waits for a condition with a generous timeout. */
export async function until(condition, what) {
  const deadline = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
