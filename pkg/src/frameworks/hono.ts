/** The gate as a Hono middleware. */
import { bytesOf } from "../gate/body.js";
import { inheritConnection, readConnection, rememberConnection } from "../gate/connection.js";
import { onWorkers } from "../gate/forward.js";
import type { Context, SessionGate, Visitor } from "../gate/types.js";
import { redirectToNormalised } from "./moved.js";

/** The part of Hono's context that is used here. */
interface HonoContext {
  req: { raw: Request; bodyCache?: Partial<Record<"arrayBuffer" | "blob" | "text", unknown>> };
  env?: unknown;
  res: Response | undefined;
  executionCtx: Context;
  set(name: string, value: unknown): void;
}

/**
 * Returns a middleware: `app.use(honoGate(gate))` of a `Hono<{ Variables: { visitor: Visitor } }>`. Handlers find `verdict`,
 * `session` and `user` in `c.get("visitor")`. Hono has chosen the handlers by the path as it came, so a path that the gate
 * would normalise is redirected instead.
 */
export function honoGate(gate: SessionGate) {
  return async (c: HonoContext, next: () => Promise<void>): Promise<Response | void> => {
    let handled = false;
    if (!onWorkers) readPeerAddress(c);
    c.req.raw = await withBody(c.req);
    const response = await gate.fetch(c.req.raw, contextOf(c), async (request: Request, visitor: Visitor) => {
      const moved = redirectToNormalised(request, c.req.raw.url);
      if (moved) return moved;
      c.req.raw = request;
      c.set("visitor", visitor);
      await next();
      handled = true;
      return c.res as Response;
    });
    if (!handled) return response;
    // Hono ignores a middleware's return value after a handler has responded, and merges an old response's headers into a new one.
    c.res = undefined;
    c.res = response;
  };
}

/** Stores the peer's address. Hono's adapters pass the runtime's own objects in `env`; on Workers it has the operator's bindings. */
function readPeerAddress({ req, env }: HonoContext): void {
  const { incoming, server } = (env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } }; server?: unknown };
  if (incoming?.socket?.remoteAddress) rememberConnection(req.raw, incoming.socket.remoteAddress);
  else readConnection(req.raw, server ?? env);
}

/** Returns the request, with its body again if an earlier middleware has read it and Hono has its bytes or its text. */
async function withBody({ raw, bodyCache }: HonoContext["req"]): Promise<Request> {
  if (!raw.bodyUsed || !bodyCache) return raw;
  try {
    const { arrayBuffer, blob, text } = bodyCache;
    const body = (await arrayBuffer) ?? (await ((await blob) as Blob | undefined)?.arrayBuffer()) ?? (await text);
    const bytes = bytesOf({ body }, raw.headers.get("content-length"));
    const { method, headers, signal, cf } = raw as Request & { cf?: unknown };
    return bytes ? inheritConnection(raw, new Request(raw.url, { method, headers, signal, body: bytes, ...(cf ? { cf } : {}) })) : raw;
  } catch {
    return raw;
  }
}

/** Returns the runtime's context, or undefined: Hono throws if there is none. */
function contextOf(c: HonoContext): Context | undefined {
  try {
    return c.executionCtx;
  } catch {
    return undefined;
  }
}
