/** Where a request came from, as the runtime reports it: remembered beside the request, where no header can forge it. */
import type { ConnectionInfo } from "./types.js";

export interface Connection {
  /** The peer's IP address. */
  address: string | undefined;
  /** The listener was told that a trusted proxy is in front. */
  proxied: boolean;
  /** `x-forwarded-for` as it came, where the listener has put the peer's address in its place. */
  forwardedFor: string | null;
}

const connections = new WeakMap<Request, Connection>();

export function rememberConnection(request: Request, address: string | undefined, { proxied = false, forwardedFor = null as string | null } = {}): void {
  connections.set(request, { address: address && plainAddress(address), proxied, forwardedFor });
}

/** The connection that the request came over, if the runtime said so. */
export function connectionOf(request: Request): Connection | undefined {
  return connections.get(request);
}

/** A copy of a request came over the same connection. */
export function inheritConnection(from: Request, to: Request): Request {
  const connection = connections.get(from);
  if (connection) connections.set(to, connection);
  return to;
}

/** Remembers the peer's address where `source` is the second argument of a handler in Deno or Bun. */
export function readConnection(request: Request, source: unknown): void {
  const { remoteAddr, requestIP } = (source ?? {}) as { remoteAddr?: { hostname?: unknown }; requestIP?: unknown };
  const address =
    typeof requestIP === "function"
      ? (source as Extract<ConnectionInfo, { requestIP: unknown }>).requestIP(request)?.address
      : remoteAddr?.hostname;
  if (typeof address === "string") rememberConnection(request, address);
}

/** Removes a zone (`%eth0`) and unwraps IPv4 in IPv6: what is left is what rate limits are counted by. */
function plainAddress(address: string): string {
  return address.replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
}
