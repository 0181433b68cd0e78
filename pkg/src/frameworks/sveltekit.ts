/** The gate as the `handle` hook of SvelteKit. */
import { parseSetCookieHeader, toCookieOptions } from "../cookies/set-cookie.js";
import { onWorkers } from "../gate/addresses.js";
import { inheritConnection, rememberConnection } from "../gate/connection.js";
import type { Context, SessionGate, Visitor } from "../gate/types.js";
import { redirectToNormalised } from "./moved.js";

/** The part of SvelteKit's event that is used here. */
interface KitEvent {
  request: Request;
  url: URL;
  locals: object;
  platform?: unknown;
  cookies: { set(name: string, value: string, options: CookieOptions & { path: string }): void };
  isDataRequest: boolean;
  isRemoteRequest?: boolean;
  getClientAddress(): string;
}

type CookieOptions = Partial<ReturnType<typeof toCookieOptions>>;

/**
 * Returns the hook: `export const handle = sessionHandle(gate)` in `hooks.server.ts`. Server code finds the visitor in
 * `event.locals.visitor`. Leave the hook out while `building`: prerendered pages have no visitor, and no hook runs when they
 * are served.
 */
export function sessionHandle<S = {}, U = {}>(gate: SessionGate<S, U>) {
  return async <E extends KitEvent>({
    event,
    resolve,
  }: {
    event: E;
    resolve(event: E): Promise<Response> | Response;
  }): Promise<Response> => {
    const received = receivedRequest(event);
    let passed = false;
    const response = await gate.fetch(received, contextOf(event.platform), (request, visitor) => {
      const moved = redirectToNormalised(request, received.url);
      if (moved) return moved;
      passed = true;
      event.request = event.request.url === request.url ? request : new Request(event.request, { headers: request.headers });
      (event.locals as { visitor: Visitor<S, U> }).visitor = visitor;
      storeCookies(event, visitor.setCookies);
      return resolve(event);
    });
    return passed ? response : refusal(event, response);
  };
}

/**
 * Returns the request with the path of the page, also if the router requests only the page's data. A call of a remote function keeps
 * its own path: there `event.url` is what the visitor says it is.
 */
function receivedRequest(event: KitEvent): Request {
  const { request, url, isDataRequest } = event;
  const received = isDataRequest && !event.isRemoteRequest ? inheritConnection(request, pageRequest(request, url)) : request;
  const address = onWorkers ? undefined : clientAddress(event);
  if (address) rememberConnection(received, address);
  return received;
}

/** Returns a request for the page instead of its data. The gate redirects it to the sign-in page, as it would the page itself. */
function pageRequest(request: Request, url: URL): Request {
  const headers = new Headers(request.headers);
  headers.set("accept", "text/html");
  headers.delete("sec-fetch-mode");
  return new Request(url, { method: request.method, headers, signal: request.signal });
}

/** Returns the visitor's address as the adapter determines it, or undefined if it has none. */
function clientAddress(event: KitEvent): string | undefined {
  try {
    return event.getClientAddress();
  } catch {
    return undefined;
  }
}

/** Returns the execution context of Cloudflare's adapter. */
function contextOf(platform: unknown): Context | undefined {
  const { ctx, context } = (platform ?? {}) as { ctx?: Context; context?: Context };
  return ctx ?? context;
}

/** Sets renewed cookies in SvelteKit's store, from which `event.fetch` takes those of internal requests. */
function storeCookies({ cookies }: KitEvent, setCookies: readonly string[]): void {
  for (const line of setCookies) {
    for (const [name, attributes] of parseSetCookieHeader(line)) {
      // An attribute that is undefined replaces SvelteKit's default; one that is missing does not.
      cookies.set(name, attributes.value, { ...toCookieOptions(attributes), path: attributes.path ?? "/" });
    }
  }
}

/**
 * Returns a response of the gate in the form that SvelteKit's router reads. SvelteKit converts a redirect of a data request
 * itself, but without its cookies.
 */
function refusal({ isDataRequest, request }: KitEvent, response: Response): Response {
  const location = response.headers.get("location");
  if (isDataRequest && location) return withBody(response, 200, { type: "redirect", location });
  if (request.headers.get("x-sveltekit-action") === "true" && response.status >= 400) {
    return withBody(response, response.status, { type: "error", error: { message: "Unauthorized" } });
  }
  return response;
}

function withBody(response: Response, status: number, body: object): Response {
  const headers = new Headers(response.headers);
  headers.delete("location");
  return new Response(JSON.stringify(body), { status, headers });
}
