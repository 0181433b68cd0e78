/** Bodies of responses that are copied, and bodies that a framework has read before the gate. */
import { BetterSessionError } from "../error.js";

/** The error if such a body would have to be forwarded. */
export const BODY_READ = { status: 500, code: "BODY_ALREADY_READ", message: "The body was read before the gate could forward it" };

const owners = new WeakMap<ReadableStream, Response>();

/**
 * Returns the body for a copy of the response. Node cancels the body of a fetched response that is collected before its body is
 * read, so the response lives as long as its body.
 */
export function bodyOf(response: Response): ReadableStream<Uint8Array> | null {
  const { body } = response;
  if (body && !owners.has(body)) owners.set(body, response);
  return body;
}

const lost = new WeakSet<Request>();

/** Returns whether the request had a body and its bytes are gone. */
export function isBodyLost(request: Request): boolean {
  return lost.has(request) || request.bodyUsed || request.body?.locked === true;
}

/** Marks a request whose body is gone. Returns the request. */
export function markBodyLost(request: Request): Request {
  lost.add(request);
  return request;
}

/** Returns a stream whose reader gets BODY_ALREADY_READ. */
export function lostBody(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (controller) => controller.error(new BetterSessionError(BODY_READ.code, BODY_READ.message)) });
}

/** Bodies that body parsers leave: raw bytes, or text that they decoded. */
export interface ReadBody {
  rawBody?: unknown;
  body?: unknown;
}

/** Returns the bytes of a body that was read, or null if only a parsed value is left. `length` is its Content-Length, if it was not compressed. */
export function bytesOf({ rawBody, body }: ReadBody, length: string | null): Uint8Array<ArrayBuffer> | null {
  for (const value of [rawBody, body]) {
    if (value instanceof Uint8Array) return value as Uint8Array<ArrayBuffer>;
    if (value instanceof ArrayBuffer) return new Uint8Array(value);
    // Text was decoded from the bytes: it is the same only if they are as many, or ASCII.
    const bytes = typeof value === "string" ? new TextEncoder().encode(value) : null;
    if (bytes && (length === null ? bytes.length === (value as string).length : Number(length) === bytes.length)) return bytes;
  }
  return null;
}
