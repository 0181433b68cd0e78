import type { APIRoute } from "astro";

export const GET: APIRoute = ({ locals, cookies }) =>
  Response.json({ user: locals.visitor.user, cookies: cookies.has("better-auth.session_data") ? ["better-auth.session_data"] : [] });
