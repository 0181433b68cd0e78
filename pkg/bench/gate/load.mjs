// A closed loop over kept connections, as bytes: what the load itself costs is taken from the same cores.
import { connect } from "node:net";

/** Answers { answers, seconds }. Throws when one is not a 200 that holds `expect`. */
export async function load(url, { cookie, connections, seconds, expect }) {
  const { hostname, port, host, pathname } = new URL(url);
  const request = Buffer.from(`GET ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncookie: ${cookie}\r\naccept: */*\r\nuser-agent: bench\r\n\r\n`);
  const started = performance.now();
  const until = started + seconds * 1000;
  const counts = await Promise.all(Array.from({ length: connections }, () => loop(hostname, port, request, until, expect)));
  return { answers: counts.reduce((sum, count) => sum + count, 0), seconds: (performance.now() - started) / 1000 };
}

function loop(host, port, request, until, expect) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    let seen = "";
    let answers = 0;
    socket.setEncoding("latin1");
    socket.on("error", reject);
    socket.on("connect", () => socket.write(request));
    socket.on("data", (chunk) => {
      seen += chunk;
      if (!isWhole(seen)) return;
      if (!seen.startsWith("HTTP/1.1 200") || !seen.includes(expect)) return reject(new Error(`not the answer: ${seen.slice(0, 300)}`));
      answers += 1;
      seen = "";
      if (performance.now() < until) return socket.write(request);
      socket.destroy();
      resolve(answers);
    });
  });
}

function isWhole(text) {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const length = /^content-length: (\d+)/im.exec(text.slice(0, end));
  return length ? text.length - end - 4 >= Number(length[1]) : text.endsWith("0\r\n\r\n");
}
