/** The peer's address of a request, as the runtime reports it, with IPv4 in IPv6 unwrapped and without a zone. No header can forge it. */
import type { ConnectionInfo } from "./types.js";

export interface Connection {
  /** The peer's IP address. */
  address: string | undefined;
  /** The listener's option `trustProxy`. */
  proxied: boolean;
  /** `x-forwarded-for` as it came, if the listener has replaced it by the peer's address. */
  forwardedFor: string | null;
}

const connections = new WeakMap<Request, Connection>();

export function rememberConnection(
  request: Request,
  address: string | undefined,
  { proxied = false, forwardedFor = null as string | null } = {},
): void {
  connections.set(request, { address: address && normalisedAddress(address), proxied, forwardedFor });
}

/** Returns the connection of a request, if the runtime reported it. */
export function connectionOf(request: Request): Connection | undefined {
  return connections.get(request);
}

/** Gives a copy of a request the same connection. Returns the copy. */
export function inheritConnection(from: Request, to: Request): Request {
  const connection = connections.get(from);
  if (connection) connections.set(to, connection);
  return to;
}

/** Stores the peer's address if `source` is the second argument of a handler in Deno or Bun. */
export function readConnection(request: Request, source: unknown): void {
  const { remoteAddr, requestIP } = (source ?? {}) as { remoteAddr?: { hostname?: unknown }; requestIP?: unknown };
  try {
    const address =
      typeof requestIP === "function"
        ? (source as Extract<ConnectionInfo, { requestIP: unknown }>).requestIP(request)?.address
        : remoteAddr?.hostname;
    if (typeof address === "string") rememberConnection(request, address);
  } catch {
    // The address stays unknown.
  }
}

/** Removes a zone (`%eth0`) and unwraps IPv4 in IPv6, so that rate limits count each address once. */
function normalisedAddress(address: string): string {
  return address.replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
}
