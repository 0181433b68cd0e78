import type { APIRoute } from "astro";

export const POST: APIRoute = async ({ locals, request }) => Response.json({ text: await request.text(), by: locals.visitor.user?.name });
