import { sessionContext } from "better-session/react-router";
import type { Route } from "./+types/me";

export function loader({ context, request }: Route.LoaderArgs) {
  const cookies = (request.headers.get("cookie") ?? "").split("; ").map((pair) => pair.split("=")[0]);
  return Response.json({ user: context.get(sessionContext).user, cookies });
}
