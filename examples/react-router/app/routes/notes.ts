import { sessionContext } from "better-session/react-router";
import type { Route } from "./+types/notes";

export async function action({ context, request }: Route.ActionArgs) {
  return Response.json({ text: await request.text(), by: context.get(sessionContext).user?.name });
}
