/** The gate as a listener for node:http and node:http2. */
import { badRequest, errorResponse } from "../gate/responses.js";
import type { Next, SessionGate } from "../gate/types.js";
import { requestOf, type Incoming } from "./node-request.js";
import { send, type Outgoing } from "./node-response.js";

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

/** Returns a listener for node:http and node:http2: `createServer(nodeListener(gate, next))`. Without `next` the origin responds. Never rejects. */
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
      // A guarded response whose session has ended is no failure of the app.
      if ((error as { code?: unknown } | null)?.code !== "SESSION_ENDED") onError(error);
      if (outgoing.headersSent) return void outgoing.destroy();
      // Those of a response that could not be sent.
      for (const name of outgoing.getHeaderNames?.() ?? []) outgoing.removeHeader?.(name);
      await send(errorResponse(FAILED, "GET"), outgoing).catch(() => outgoing.destroy());
    }
  };
}

function logError(error: unknown): void {
  console.error("better-session: the app behind the gate failed", error);
}
