// Generates load in a closed loop over kept-alive connections. Uses raw sockets, because it shares the cores with the servers.
import { connect } from "node:net";

/** Returns { responses, seconds }. Throws if a response is not a 200 that contains `expect`. */
export async function load(url, { cookie, connections, seconds, expect }) {
  const { hostname, port, host, pathname } = new URL(url);
  const request = Buffer.from(`GET ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncookie: ${cookie}\r\naccept: */*\r\nuser-agent: bench\r\n\r\n`);
  const started = performance.now();
  const until = started + seconds * 1000;
  const counts = await Promise.all(Array.from({ length: connections }, () => loop(hostname, port, request, until, expect)));
  return { responses: counts.reduce((sum, count) => sum + count, 0), seconds: (performance.now() - started) / 1000 };
}

function loop(host, port, request, until, expect) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    let received = "";
    let responses = 0;
    socket.setEncoding("latin1");
    socket.on("error", reject);
    socket.on("connect", () => socket.write(request));
    socket.on("data", (chunk) => {
      received += chunk;
      if (!isComplete(received)) return;
      if (!received.startsWith("HTTP/1.1 200") || !received.includes(expect))
        return reject(new Error(`unexpected response: ${received.slice(0, 300)}`));
      responses += 1;
      received = "";
      if (performance.now() < until) return socket.write(request);
      socket.destroy();
      resolve(responses);
    });
  });
}

function isComplete(text) {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const length = /^content-length: (\d+)/im.exec(text.slice(0, end));
  return length ? text.length - end - 4 >= Number(length[1]) : text.endsWith("0\r\n\r\n");
}
