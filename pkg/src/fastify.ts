/** `better-session/fastify`: the gate as a Fastify plugin. */
import type { FastifyInstance } from "fastify";
import { guardNode } from "./frameworks/node-middleware.js";
import type { AppOutgoing } from "./frameworks/node-response.js";
import type { SessionGate, Visitor } from "./gate/types.js";

declare module "fastify" {
  interface FastifyRequest {
    /** The visitor, set by `sessionPlugin`. */
    visitor: Visitor;
  }
}

export interface SessionPluginOptions {
  gate: SessionGate;
}

/**
 * Registers the gate for all routes of the instance: `app.register(sessionPlugin, { gate })`. Handlers find the visitor in
 * `request.visitor`. Behind a proxy of yours set the gate's option `trustProxy`.
 */
export async function sessionPlugin(app: FastifyInstance, { gate }: SessionPluginOptions): Promise<void> {
  app.decorateRequest("visitor", null as unknown as Visitor);
  app.addHook("onRequest", (request, reply, done) => {
    let passed = false;
    const proceed = (visitor: Visitor) => {
      passed = true;
      request.visitor = visitor;
      done();
    };
    guardNode(gate, request.raw, reply.raw as unknown as AppOutgoing, proceed).then(
      () => {
        if (!passed) reply.hijack();
      },
      (error: Error) => done(error),
    );
  });
}

// The hooks apply to the routes of the instance that registers the plugin, as with the package fastify-plugin.
Object.assign(sessionPlugin, { [Symbol.for("skip-override")]: true, [Symbol.for("fastify.display-name")]: "better-session" });
