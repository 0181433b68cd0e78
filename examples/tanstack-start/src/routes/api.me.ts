import { createFileRoute } from "@tanstack/react-router";
import { session } from "../start";

export const Route = createFileRoute("/api/me")({
  server: {
    middleware: [session],
    handlers: {
      GET: ({ context, request }) => {
        const cookies = (request.headers.get("cookie") ?? "").split("; ").map((pair) => pair.split("=")[0]);
        return Response.json({ user: context.visitor.user, cookies });
      },
    },
  },
});
