import { Links, Meta, Outlet, Scripts } from "react-router";
import { sessionMiddleware } from "better-session/react-router";
import { gate } from "./gate.server";
import type { Route } from "./+types/root";

export const middleware: Route.MiddlewareFunction[] = [sessionMiddleware(gate)];

// With a loader in the root every navigation makes a request, which the middleware sees.
export const loader = () => null;

export default function Root() {
  return (
    <html lang="en">
      <head>
        <title>better-session and React Router</title>
        <link rel="icon" href="data:," />
        <Meta />
        <Links />
      </head>
      <body>
        <Outlet />
        <Scripts />
      </body>
    </html>
  );
}
