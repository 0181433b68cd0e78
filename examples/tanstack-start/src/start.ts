import { createCsrfMiddleware, createMiddleware, createStart } from "@tanstack/react-start";
import { guard } from "better-session/tanstack-start";
import { gate } from "./gate";

/** Gives server functions and server routes a typed `context.visitor`. */
export const session = createMiddleware().server(({ request, next }) => guard(gate, request, (visitor) => next({ context: { visitor } })));

// Start adds its own CSRF middleware only if there is no list.
const csrf = createCsrfMiddleware({ filter: ({ handlerType }) => handlerType === "serverFn" });

export const startInstance = createStart(() => ({ requestMiddleware: [session, csrf] }));
