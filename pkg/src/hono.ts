/** `better-session/hono`: the gate as a Hono middleware whose handlers have a typed `c.var.visitor`. */
import type { MiddlewareHandler } from "hono";
import { honoGate as untypedGate } from "./frameworks/hono.js";
import type { SessionGate, Visitor } from "./gate/types.js";

/** The variables that the middleware sets: `new Hono<{ Variables: SessionVariables }>()`. */
export interface SessionVariables<S = {}, U = {}> {
  visitor: Visitor<S, U>;
}

/**
 * Returns the middleware: `app.use(honoGate(gate))`. Handlers find `verdict`, `session` and `user` in `c.var.visitor`. A path that
 * the gate would normalise is redirected, because Hono has chosen the handlers by the path as it came.
 */
export function honoGate<S = {}, U = {}>(gate: SessionGate<S, U>): MiddlewareHandler<{ Variables: SessionVariables<S, U> }> {
  return untypedGate(gate as unknown as SessionGate);
}
