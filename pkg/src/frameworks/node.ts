/** The gate as a listener for node:http. */
import { HTTP, HTTPS, forwardedScheme } from "../verifier/input.js";
import { badRequest, errorResponse } from "../gate/responses.js";
import { rememberConnection } from "../gate/connection.js";
import { isHost } from "../gate/host.js";
import type { Next, SessionGate } from "../gate/types.js";

/** The part of node:http that is used here. */
interface Incoming extends AsyncIterable<Uint8Array> {
  method?: string;
  url?: string;
  rawHeaders: string[];
  headers: { host?: string };
  socket: { remoteAddress?: string; encrypted?: boolean };
}
interface Outgoing {
  writeHead(status: number, statusMessage: string | undefined, headers: string[]): unknown;
  write(chunk: Uint8Array): boolean;
  end(): unknown;
  once(event: "drain" | "close", listener: () => void): unknown;
  destroy(): unknown;
  readonly headersSent: boolean;
  readonly closed: boolean;
}

const FAILED = { status: 500, code: "INTERNAL_SERVER_ERROR", message: "Internal server error" };

export interface NodeListenerOptions {
  /**
   * Set to true if a proxy of yours is in front that reports the visitor's address in `x-forwarded-for` and the scheme in
   * `x-forwarded-proto`, as with the gate's own option `trustProxy`. Default false: the address and scheme of the connection
   * are used, because a visitor can send those headers; Better Auth limits rates by the address, the gate chooses between
   * `__Secure-` and plain cookies by the scheme.
   */
  trustProxy?: boolean;
  /** Receives an error of `next` or of its body; the visitor gets a 500 without details. Default: console.error. */
  onError?(error: unknown): void;
}

/** Returns a listener: `createServer(nodeListener(gate, next))`. Without `next` the origin responds. Never rejects. */
export function nodeListener(
  gate: Pick<SessionGate, "fetch">,
  next?: Next,
  { trustProxy = false, onError = logError }: NodeListenerOptions = {},
) {
  return async (incoming: Incoming, outgoing: Outgoing): Promise<void> => {
    const abort = new AbortController();
    outgoing.once("close", () => abort.abort());
    try {
      const request = requestOf(incoming, abort.signal, trustProxy);
      await send(request ? await gate.fetch(request, undefined, next) : badRequest("GET"), outgoing);
    } catch (error) {
      if (abort.signal.aborted) return;
      onError(error);
      if (outgoing.headersSent) outgoing.destroy();
      else await send(errorResponse(FAILED, "GET"), outgoing);
    }
  };
}

function logError(error: unknown): void {
  console.error("better-session: the app behind the gate failed", error);
}

/** Returns the request, or null if it is invalid. Target and host are concatenated: resolved as a URL, `//evil.example/` would be another host. */
function requestOf(incoming: Incoming, signal: AbortSignal, trustProxy: boolean): Request | null {
  const { method = "GET", url = "/", socket } = incoming;
  const target = targetOf(url, incoming.headers.host);
  const headers = new Headers();
  const { host = "localhost" } = incoming.headers;
  if (target === null || !isHost(host)) return null;
  try {
    for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) headers.append(incoming.rawHeaders[i]!, incoming.rawHeaders[i + 1]!);
    const forwardedFor = headers.get("x-forwarded-for");
    // Also for code that reads the header without a gate.
    if (!trustProxy && socket.remoteAddress) headers.set("x-forwarded-for", socket.remoteAddress);
    const init: RequestInit & { duplex?: "half" } = { method, headers, signal };
    if (method !== "GET" && method !== "HEAD") {
      init.body = streamOf(incoming);
      init.duplex = "half";
    }
    const scheme = (trustProxy && forwardedScheme(headers)) || (socket.encrypted ? HTTPS : HTTP);
    const request = new Request(`${scheme === HTTPS ? "https" : "http"}://${host}${target}`, init);
    rememberConnection(request, socket.remoteAddress, { proxied: trustProxy, forwardedFor });
    return request;
  } catch {
    return null;
  }
}

/** Returns path and query of a request target (RFC 9112 §3.2), or null for an absolute one of another host. `*` names the site. */
function targetOf(url: string, host: string | undefined): string | null {
  if (url.startsWith("/")) return url;
  if (url === "*") return "/";
  const [, authority, rest] = /^https?:\/\/([^/?#]*)([^#]*)/i.exec(url) ?? [];
  if (authority === undefined || authority.toLowerCase() !== host?.toLowerCase()) return null;
  return rest?.startsWith("/") ? rest : `/${rest ?? ""}`;
}

function streamOf(incoming: Incoming): ReadableStream<Uint8Array> {
  const chunks = incoming[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await chunks.return?.();
    },
  });
}

async function send(response: Response, outgoing: Outgoing): Promise<void> {
  const headers: string[] = [];
  for (const [name, value] of response.headers) if (name !== "set-cookie") headers.push(name, value);
  for (const line of response.headers.getSetCookie()) headers.push("set-cookie", line);
  outgoing.writeHead(response.status, response.statusText || undefined, headers);
  const reader = response.body?.getReader();
  while (reader && !outgoing.closed) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!outgoing.write(value)) {
      await new Promise<void>((resolve) => {
        outgoing.once("drain", resolve);
        outgoing.once("close", resolve);
      });
    }
  }
  if (outgoing.closed) await reader?.cancel().catch(() => {});
  outgoing.end();
}
