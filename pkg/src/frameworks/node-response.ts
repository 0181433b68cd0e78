/** Sends a Response through node:http, and lets the gate change the head of a response that an app writes itself. */

import { HOP_BY_HOP } from "../gate/forward.js";

/** Headers that HTTP/2 does not have (RFC 9113 §8.2.2); Node throws if one is set. */
const CONNECTION_HEADERS = [...HOP_BY_HOP, "upgrade"];

/** The part of node:http's ServerResponse that is used here. */
export interface Outgoing {
  setHeader(name: string, value: string | readonly string[]): unknown;
  writeHead(status: number, statusMessage?: string): unknown;
  write(chunk: Uint8Array): boolean;
  end(): unknown;
  once(event: "drain" | "close", listener: () => void): unknown;
  removeListener?(event: "drain" | "close", listener: () => void): unknown;
  getHeaderNames?(): string[];
  removeHeader?(name: string): unknown;
  destroy(): unknown;
  readonly headersSent: boolean;
  readonly closed: boolean;
}

/** The part of ServerResponse that an app behind a middleware uses. */
export interface AppOutgoing extends Outgoing {
  statusCode: number;
  getHeaders(): Record<string, number | string | string[] | undefined>;
  removeHeader(name: string): unknown;
  emit(event: "drain"): boolean;
}

/** Sends a Response. Headers are set one by one: if some were set before, `writeHead` keeps only the last `set-cookie` of a list. */
export async function send(response: Response, outgoing: Outgoing): Promise<void> {
  // HTTP/2 has no status text and no headers of the connection.
  const isHTTP2 = "stream" in outgoing;
  const setCookies = response.headers.getSetCookie();
  for (const [name, value] of response.headers) {
    if (name !== "set-cookie" && !(isHTTP2 && CONNECTION_HEADERS.includes(name))) outgoing.setHeader(name, value);
  }
  if (setCookies.length > 0) outgoing.setHeader("set-cookie", setCookies);
  outgoing.writeHead(response.status, (!isHTTP2 && response.statusText) || undefined);
  const reader = response.body?.getReader();
  // A reader that has left is noticed at once: the next chunk may come late, or never.
  const leave = () => void reader?.cancel().catch(() => {});
  if (outgoing.closed) leave();
  else outgoing.once("close", leave);
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    // "close" is not emitted again.
    if (!outgoing.write(value) && !outgoing.closed) await drained(outgoing);
  }
  outgoing.end();
}

/** Waits until more can be written, or nothing can any more. No listener is left, however many chunks there are. */
function drained(outgoing: Outgoing): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      for (const name of ["drain", "close"] as const) outgoing.removeListener?.(name, go);
      resolve();
    };
    outgoing.once("drain", go);
    outgoing.once("close", go);
  });
}

type Call = () => unknown;

/**
 * Holds a response back from the moment at which the app writes its head. `head` resolves then, to a Response without a body;
 * `release` sends the app's response with the headers of the one that the gate has made of it. Until then the app's chunks wait, and
 * `write` reports back-pressure.
 */
export function interceptHead(outgoing: AppOutgoing): { head: Promise<Response>; release(changed: Response): void } {
  const waiting: Call[] = [];
  const patched = outgoing as unknown as Record<string, (...args: unknown[]) => unknown>;
  const original = { writeHead: patched.writeHead!, write: patched.write!, end: patched.end!, flushHeaders: patched.flushHeaders };
  let begin: (head: Response) => void;
  const head = new Promise<Response>((resolve) => (begin = resolve));
  let begun = false;
  let released = false;
  let reason: string | undefined;

  const start = () => {
    if (begun) return;
    begun = true;
    // An app that has written its head must not write another one, for an error page for example.
    Object.defineProperty(outgoing, "headersSent", { configurable: true, get: () => true });
    begin(new Response(null, { status: responseStatus(outgoing.statusCode), headers: headersOf(outgoing) }));
  };
  patched.writeHead = (status, ...rest) => {
    // 103 Early Hints and 101 are not the head of the response.
    if (released || Number(status) < 200) return Reflect.apply(original.writeHead, outgoing, [status, ...rest]);
    if (begun) throw new Error("the head of the response has been written already");
    outgoing.statusCode = Number(status);
    if (typeof rest[0] === "string") reason = rest[0];
    addHeaders(outgoing, typeof rest[0] === "string" ? rest[1] : rest.find((value) => typeof value === "object"));
    start();
    return outgoing;
  };
  for (const name of ["write", "end", "flushHeaders"] as const) {
    const call = original[name];
    if (!call) continue;
    patched[name] = (...args) => {
      if (released) return Reflect.apply(call, outgoing, args);
      start();
      waiting.push(() => Reflect.apply(call, outgoing, args));
      return name === "write" ? false : outgoing;
    };
  }

  outgoing.once("close", start);

  // The functions stay in place and pass calls on: another middleware may have wrapped them.
  const release = (changed: Response) => {
    released = true;
    delete (outgoing as unknown as Record<string, unknown>).headersSent;
    if (outgoing.closed) return;
    applyHeaders(outgoing, changed);
    if (reason !== undefined) (outgoing as unknown as { statusMessage: string }).statusMessage = reason;
    for (const call of waiting) call();
    outgoing.emit("drain");
  };
  return { head, release };
}

/** Returns a status that a Response can have. */
function responseStatus(status: number): number {
  return status >= 200 && status <= 599 ? status : 500;
}

function headersOf(outgoing: AppOutgoing): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(outgoing.getHeaders())) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) headers.append(name, String(one));
  }
  return headers;
}

/** Sets the headers of `writeHead`: an object, or a list of names and values, flat or in pairs. */
function addHeaders(outgoing: AppOutgoing, headers: unknown): void {
  if (!headers) return;
  if (!Array.isArray(headers)) {
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) outgoing.setHeader(name, value as string);
    return;
  }
  const flat = headers.flat() as string[];
  const lists = new Map<string, string[]>();
  for (let i = 0; i + 1 < flat.length; i += 2) lists.set(flat[i]!, [...(lists.get(flat[i]!) ?? []), String(flat[i + 1])]);
  for (const [name, values] of lists) outgoing.setHeader(name, values.length === 1 ? values[0]! : values);
}

/** Makes the headers of a response equal to those of `changed`. Those that are equal keep their spelling. */
function applyHeaders(outgoing: AppOutgoing, changed: Response): void {
  const before = headersOf(outgoing);
  const setCookies = changed.headers.getSetCookie();
  for (const name of before.keys()) if (!changed.headers.has(name)) outgoing.removeHeader(name);
  for (const [name, value] of changed.headers) if (name !== "set-cookie" && before.get(name) !== value) outgoing.setHeader(name, value);
  if (setCookies.length > 0) outgoing.setHeader("set-cookie", setCookies);
}
