/** Requests that are watched: their body is read without being taken away, and they outlive the visitor's patience. */
import { inheritConnection } from "../gate/connection.js";
import { join } from "./bytes.js";

/** Bytes that are read; Better Auth's clients send about 100. */
const MAX = 64 * 1024;

/**
 * The request with the same body, byte for byte, and its text where that is JSON of at most 64 KiB. A longer body is
 * passed on as the stream it is, what was read of it first.
 */
export async function bufferJson(request: Request): Promise<{ request: Request; json: string | undefined }> {
  if (request.body === null) return { request: again(request, null), json: undefined };
  const reader = request.body.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  let done = false;
  while (!done && length <= MAX) {
    const part = await reader.read();
    done = part.done;
    if (part.value) {
      parts.push(part.value);
      length += part.value.length;
    }
  }
  const read = join(parts);
  if (!done) return { request: again(request, rest(read, reader)), json: undefined };
  let json: string | undefined;
  try {
    json = new TextDecoder("utf-8", { fatal: true }).decode(read);
  } catch {
    json = undefined;
  }
  return { request: again(request, read), json };
}

/** The same request, which no longer ends when the visitor hangs up: what comes of it is to be known. */
export function detached(request: Request): Request {
  return again(request, request.body);
}

function rest(first: Uint8Array, reader: ReadableStreamDefaultReader<Uint8Array>): ReadableStream<Uint8Array> {
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

function again(request: Request, body: Uint8Array | ReadableStream | null): Request {
  const { url, method, headers } = request;
  const init = { method, headers, redirect: "manual" } as RequestInit;
  return inheritConnection(request, new Request(url, body === null ? init : ({ ...init, body, duplex: "half" } as RequestInit)));
}
