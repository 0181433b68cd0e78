/** Ends a response that is still being sent when its visitor's session ends. */
import { stopChecks } from "./connections.js";

/** Code with which a WebSocket is closed: of the range for applications. */
const SESSION_ENDED = 4401;

/** The part of a WebSocket of workerd that is used here. */
interface Socket {
  accept(): void;
  send(data: string | ArrayBuffer): void;
  close(code?: number, reason?: string): void;
  addEventListener(
    type: "message" | "close" | "error",
    listener: (event: { data: string | ArrayBuffer; code: number; reason: string }) => void,
  ): void;
}

/** The signals of the responses of `gate.guard`, which need not be bound to them again. */
const guardedByApp = new WeakMap<Response, AbortSignal>();

/** Returns the response bound to a session by the app: see `SessionGate.guard`. */
export function guardedForApp(response: Response, signal: AbortSignal): Response {
  const bound = guarded(response, signal);
  guardedByApp.set(bound, signal);
  return bound;
}

/** Returns `ready`, made of `response`, so that its end ends the checks behind the signal, unless the app has bound it to that one. */
export function observed(response: Response, ready: Response, signal: AbortSignal): Response {
  return guardedByApp.get(response) === signal ? ready : guarded(ready, signal, true);
}

/**
 * Returns the response bound to a session: its end ends the checks, and unless `observe`, the session's end ends the response.
 * Events end in an orderly way, so that an EventSource asks again and gets a 401; any other body is aborted, so that nobody takes
 * it for complete; a WebSocket of workerd is closed.
 */
function guarded(response: Response, signal: AbortSignal, observe = false): Response {
  const stop = () => stopChecks(signal);
  const { webSocket } = response as Response & { webSocket?: Socket | null };
  if (webSocket) return observe ? response : guardedSocket(response, webSocket, signal, stop);
  if (response.status < 200) return response;
  if (!response.body) {
    stop();
    return response;
  }
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const isEvents = /^text\/event-stream/i.test(response.headers.get("content-type") ?? "");
  response.body
    .pipeTo(writable, { signal: observe ? undefined : signal, preventAbort: true })
    .catch((error) => (isEvents && signal.aborted && !observe ? writable.close() : writable.abort(error)))
    .then(stop, stop);
  return new Response(readable, response);
}

function guardedSocket(response: Response, inner: Socket, signal: AbortSignal, stop: () => void): Response {
  const { WebSocketPair } = globalThis as unknown as { WebSocketPair: new () => [Socket, Socket] };
  const [client, outer] = Object.values(new WebSocketPair()) as [Socket, Socket];
  link(inner, outer, stop);
  link(outer, inner, stop);
  const end = () => {
    close(outer, SESSION_ENDED, "session ended");
    close(inner, 1000, "session ended");
  };
  // A signal that has fired calls no listener that is added afterwards.
  if (signal.aborted) end();
  else signal.addEventListener("abort", end);
  return new Response(null, { status: 101, headers: response.headers, webSocket: client } as ResponseInit);
}

/** Passes messages and the end of one socket on to another. */
function link(from: Socket, to: Socket, stop: () => void): void {
  from.accept();
  from.addEventListener("message", ({ data }) => to.send(data));
  const end = (code: number, reason: string) => {
    stop();
    close(to, code, reason);
    close(from, code, reason); // workerd may not do so itself, and then keeps the request alive
  };
  from.addEventListener("close", ({ code, reason }) => end(code, reason));
  from.addEventListener("error", () => end(1011, ""));
}

/** Codes that mean "no code" or "connection lost" cannot be sent. */
function close(socket: Socket, code: number, reason: string): void {
  try {
    socket.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  } catch {
    // It is closed already.
  }
}
