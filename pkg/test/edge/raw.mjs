// Requests as bytes: a client of fetch would rewrite the path, the method and some headers.
import { connect } from "node:net";

/**
 * Sends a request target exactly as given on a connection of its own. `headers` is a list of [name, value]. Answers
 * { status, headers, body } or { status: 0 } when the server hung up without a word.
 */
export async function raw(url, target, { method = "GET", headers = [], body } = {}) {
  const { hostname, port, host } = new URL(url);
  const named = headers.some(([name]) => name === "host");
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(named ? [] : [`host: ${host}`]),
    "connection: close",
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  if (body !== undefined) lines.push(`content-length: ${Buffer.byteLength(body)}`);
  const socket = connect({ host: hostname, port });
  socket.setTimeout(30_000, () => socket.destroy(new Error(`${method} ${target}: no answer, or no end of one`)));
  socket.write(Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body ?? ""}`, "latin1"));
  const chunks = [];
  try {
    for await (const chunk of socket) {
      chunks.push(chunk);
      if (isWhole(Buffer.concat(chunks), method)) break; // workerd keeps a connection that asked to be closed
    }
  } catch (error) {
    if (error.code !== "ECONNRESET" && error.code !== "EPIPE") throw error;
  }
  return parse(Buffer.concat(chunks));
}

function parse(bytes) {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return { status: 0, headers: new Headers(), body: "" };
  const [first, ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const headers = new Headers();
  for (const line of lines) {
    const cut = line.indexOf(":");
    headers.append(line.slice(0, cut), line.slice(cut + 1).trim());
  }
  const body = bytes.subarray(end + 4);
  const text = /chunked/i.test(headers.get("transfer-encoding") ?? "") ? unchunk(body) : body;
  return { status: Number(first.split(" ")[1]), headers, body: text.toString("utf8") };
}

function isWhole(bytes, method) {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const { status, headers } = parse(bytes);
  if (method === "HEAD" || status === 204 || status === 304) return true;
  if (headers.has("content-length")) return bytes.length - end - 4 >= Number(headers.get("content-length"));
  return headers.has("transfer-encoding") && bytes.subarray(-5).toString("latin1") === "0\r\n\r\n";
}

function unchunk(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length;) {
    const line = bytes.indexOf("\r\n", at);
    const size = Number.parseInt(bytes.subarray(at, line).toString("latin1"), 16);
    if (!(size > 0)) break;
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
  return Buffer.concat(parts);
}
