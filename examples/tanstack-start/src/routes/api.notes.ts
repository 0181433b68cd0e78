import { createFileRoute } from "@tanstack/react-router";
import { session } from "../start";

export const Route = createFileRoute("/api/notes")({
  server: {
    middleware: [session],
    handlers: { POST: async ({ context, request }) => Response.json({ text: await request.text(), by: context.visitor.user?.name }) },
  },
});
