/** Copies of requests that keep the body readable and continue after the visitor has disconnected. */
import { inheritConnection } from "../gate/connection.js";
import { concat } from "./bytes.js";

/** Maximum size of a body that is read, in bytes; Better Auth's clients send about 100. */
const MAX_BODY = 64 * 1024;

/**
 * Returns the request with the same body, byte for byte, and the body's text if it is UTF-8 of at most 64 KiB. A longer
 * body stays a stream that begins with the bytes that were read.
 */
export async function bufferJson(request: Request): Promise<{ request: Request; json: string | undefined }> {
  if (request.body === null) return { request: copyOf(request, null), json: undefined };
  const reader = request.body.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  let done = false;
  while (!done && length <= MAX_BODY) {
    const part = await reader.read();
    done = part.done;
    if (part.value) {
      parts.push(part.value);
      length += part.value.length;
    }
  }
  const read = concat(parts);
  if (!done) return { request: copyOf(request, prepend(read, reader)), json: undefined };
  let json: string | undefined;
  try {
    json = new TextDecoder("utf-8", { fatal: true }).decode(read);
  } catch {
    json = undefined;
  }
  return { request: copyOf(request, read), json };
}

/** Returns a copy of the request that is not aborted when the visitor disconnects, so that its result is known. */
export function detached(request: Request): Request {
  return copyOf(request, request.body);
}

function prepend(first: Uint8Array, reader: ReadableStreamDefaultReader<Uint8Array>): ReadableStream<Uint8Array> {
  let sent = false;
  return new ReadableStream({
    async pull(controller) {
      if (!sent) {
        sent = true;
        return controller.enqueue(first);
      }
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** Returns the request with another body and without a signal. */
export function copyOf(request: Request, body: Uint8Array | ReadableStream | null): Request {
  const { url, method, headers, cf } = request as Request & { cf?: unknown };
  const init = { method, headers, redirect: "manual", ...(cf ? { cf } : {}) } as RequestInit;
  return inheritConnection(request, new Request(url, body === null ? init : ({ ...init, body, duplex: "half" } as RequestInit)));
}
