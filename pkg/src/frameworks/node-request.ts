/** Requests of node:http and of the compatibility API of node:http2 as a Request. */
import { HTTP, HTTPS, forwardedScheme } from "../verifier/input.js";
import { bytesOf, markBodyLost, type ReadBody } from "../gate/body.js";
import { rememberConnection } from "../gate/connection.js";
import { isHost } from "../gate/host.js";

/** The part of node:http's IncomingMessage that is used here. */
export interface Incoming extends AsyncIterable<Uint8Array>, ReadBody {
  /** Something has read the body. */
  readableDidRead?: boolean | undefined;
  httpVersionMajor?: number | undefined;
  method?: string | undefined;
  url?: string | undefined;
  rawHeaders: string[];
  headers: { "host"?: string | undefined; ":authority"?: string | undefined };
  socket: { remoteAddress?: string | undefined; encrypted?: boolean };
}

/**
 * Returns the request, or null if it is invalid. Its body is read from `incoming` on demand. Target and host are concatenated:
 * resolved as a URL, `//evil.example/` would be another host.
 */
export function requestOf(incoming: Incoming, signal: AbortSignal, trustProxy: boolean, url = incoming.url): Request | null {
  const { method = "GET", socket } = incoming;
  const headers = new Headers();
  const host = incoming.headers.host ?? incoming.headers[":authority"] ?? "localhost";
  const target = targetOf(url ?? "/", host);
  let isLost = false;
  if (target === null || !isHost(host)) return null;
  try {
    for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) append(headers, incoming.rawHeaders[i]!, incoming.rawHeaders[i + 1]!);
    const forwardedFor = headers.get("x-forwarded-for");
    // Also for code that reads the header without a gate.
    if (!trustProxy && socket.remoteAddress) headers.set("x-forwarded-for", socket.remoteAddress);
    const init: RequestInit & { duplex?: "half" } = { method, headers, signal };
    if (method !== "GET" && method !== "HEAD" && hasBody(incoming, headers)) {
      const read = readBody(incoming, headers);
      init.body = read ?? streamOf(incoming);
      isLost = read === null;
      init.duplex = "half";
    }
    const scheme = (trustProxy && forwardedScheme(headers)) || (socket.encrypted ? HTTPS : HTTP);
    const request = new Request(`${scheme === HTTPS ? "https" : "http"}://${host}${target}`, init);
    rememberConnection(request, socket.remoteAddress, { proxied: trustProxy, forwardedFor });
    return isLost ? markBodyLost(request) : request;
  } catch {
    return null;
  }
}

/** Adds a field. Pseudo-headers of HTTP/2 are none, and its several `cookie` fields are one list (RFC 9113 §8.2.3). */
function append(headers: Headers, name: string, value: string): void {
  const cookie = name.toLowerCase() === "cookie" && headers.get("cookie");
  if (cookie) headers.set("cookie", `${cookie}; ${value}`);
  else if (!name.startsWith(":")) headers.append(name, value);
}

/** Returns path and query of a request target (RFC 9112 §3.2), or null for an absolute one of another host. `*` names the site. */
function targetOf(url: string, host: string | undefined): string | null {
  if (url.startsWith("/")) return url;
  if (url === "*") return "/";
  const [, authority, rest] = /^https?:\/\/([^/?#]*)([^#]*)/i.exec(url) ?? [];
  if (authority === undefined || authority.toLowerCase() !== host?.toLowerCase()) return null;
  return rest?.startsWith("/") ? rest : `/${rest ?? ""}`;
}

/** Returns whether a request has a body (RFC 9112 section 6.3). In HTTP/2 one without a length can have one. */
function hasBody({ httpVersionMajor }: Incoming, headers: Headers): boolean {
  const length = headers.get("content-length");
  return length === null ? headers.has("transfer-encoding") || httpVersionMajor !== 1 : Number(length) !== 0;
}

/**
 * Returns the bytes of a body that a parser has read (`rawBody`, or a Buffer or text in `body`), null if only a parsed value is
 * left, and undefined if nothing has read it. Parsers decompress, so that the headers of the compressed body are removed.
 */
function readBody(incoming: Incoming, headers: Headers): Uint8Array<ArrayBuffer> | null | undefined {
  if (!incoming.readableDidRead) return undefined;
  const isCompressed = headers.has("content-encoding");
  const bytes = bytesOf(incoming, isCompressed ? null : headers.get("content-length"));
  if (bytes && isCompressed) {
    headers.delete("content-encoding");
    headers.delete("content-length");
  }
  return bytes;
}

/** Returns the body. Nothing is read before its consumer asks, so that a framework can still read `incoming` itself. */
function streamOf(incoming: Incoming): ReadableStream<Uint8Array> {
  let chunks: AsyncIterator<Uint8Array> | undefined;
  return new ReadableStream(
    {
      async pull(controller) {
        chunks ??= incoming[Symbol.asyncIterator]();
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks?.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
