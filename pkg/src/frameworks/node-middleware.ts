/** The gate in front of an app that reads and writes node:http's own objects, such as Express, Fastify or h3 1. */
import { badRequest } from "../gate/responses.js";
import type { SessionGate, Visitor } from "../gate/types.js";
import { redirectToNormalised } from "./moved.js";
import { requestOf, type Incoming } from "./node-request.js";
import { interceptHead, send, type AppOutgoing } from "./node-response.js";

/** A request as the app reads it: its headers are those that the gate passes on. */
export interface AppIncoming extends Incoming {
  headers: Record<string, string | string[] | undefined> & { host?: string | undefined };
}

/**
 * Lets the gate decide on a request. If the gate lets it through, `proceed` is called with the visitor, and the app's response gets the
 * gate's headers when its head is written. Otherwise the gate's response is sent. Resolves once the response has been handed on.
 */
export async function guardNode<S, U>(
  gate: SessionGate<S, U>,
  incoming: AppIncoming,
  outgoing: AppOutgoing,
  proceed: (visitor: Visitor<S, U>) => void,
  url = incoming.url,
): Promise<void> {
  const abort = new AbortController();
  outgoing.once("close", () => abort.abort());
  const received = requestOf(incoming, abort.signal, false, url);
  if (!received) return send(badRequest("GET"), outgoing);
  let release: ((changed: Response) => void) | undefined;
  const next = async (request: Request, visitor: Visitor<S, U>): Promise<Response> => {
    const moved = redirectToNormalised(request, received.url);
    if (moved) return moved;
    replaceHeaders(incoming, received.headers, request.headers);
    const intercepted = interceptHead(outgoing);
    release = intercepted.release;
    proceed(visitor);
    return intercepted.head;
  };
  const changed = await gate.fetch(received, undefined, next);
  if (release) release(changed);
  else await send(changed, outgoing);
}

/** Gives the app the headers that the gate has changed or removed: the renewed cookies, without forged identities. */
function replaceHeaders({ headers, rawHeaders }: AppIncoming, before: Headers, after: Headers): void {
  const changed = new Set([...before.keys(), ...after.keys()].filter((name) => before.get(name) !== after.get(name)));
  changed.add("x-forwarded-for"); // replaced while the request was read
  const raw: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (!changed.has(rawHeaders[i]!.toLowerCase())) raw.push(rawHeaders[i]!, rawHeaders[i + 1]!);
  }
  for (const name of changed) {
    const value = after.get(name);
    if (value === null) delete headers[name];
    else headers[name] = value;
    if (value !== null) raw.push(name, value);
  }
  rawHeaders.splice(0, rawHeaders.length, ...raw);
}
