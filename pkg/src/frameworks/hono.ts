/** The gate as a Hono middleware. */
import { refusal } from "../gate/responses.js";
import { readConnection, rememberConnection } from "../gate/connection.js";
import { onWorkers } from "../gate/forward.js";
import type { Context, SessionGate, Visitor } from "../gate/types.js";

/** As much of Hono's context as is used here. */
interface HonoContext {
  req: { raw: Request };
  env?: unknown;
  res: Response | undefined;
  executionCtx: Context;
  set(name: string, value: unknown): void;
}

const MOVED = { status: 308, code: "PATH_MOVED", message: "The path has a simpler form" };

/**
 * `app.use(honoGate(gate))` of a `Hono<{ Variables: { visitor: Visitor } }>`: handlers find `verdict`, `session` and `user`
 * in `c.get("visitor")`. Hono has chosen its handlers by the path as it came, so a path that the gate would
 * rewrite is redirected instead of handled.
 */
export function honoGate(gate: SessionGate) {
  return async (c: HonoContext, next: () => Promise<void>): Promise<Response | void> => {
    let handled = false;
    if (!onWorkers) readPeer(c);
    const response = await gate.fetch(c.req.raw, contextOf(c), async (request: Request, visitor: Visitor) => {
      if (request.url !== c.req.raw.url) {
        const { pathname, search } = new URL(request.url);
        return refusal({ ...MOVED, location: pathname + search }, request.method);
      }
      c.req.raw = request;
      c.set("visitor", visitor);
      await next();
      handled = true;
      return c.res as Response;
    });
    if (!handled) return response;
    // Hono drops what a middleware returns once a handler has answered, and lays an old answer's headers over a new one's.
    c.res = undefined;
    c.res = response;
  };
}

/** Hono's adapters hand on the runtime's own objects in `env`; on Workers that holds the operator's bindings. */
function readPeer({ req, env }: HonoContext): void {
  const { incoming, server } = (env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } }; server?: unknown };
  if (incoming?.socket?.remoteAddress) rememberConnection(req.raw, incoming.socket.remoteAddress);
  else readConnection(req.raw, server ?? env);
}

/** Hono throws where the runtime has no context. */
function contextOf(c: HonoContext): Context | undefined {
  try {
    return c.executionCtx;
  } catch {
    return undefined;
  }
}
