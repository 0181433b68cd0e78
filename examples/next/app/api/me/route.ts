import { cookies } from "next/headers";
import { getVisitor } from "better-session/next";

export async function GET() {
  const { user } = await getVisitor();
  return Response.json({ user, cookies: (await cookies()).getAll().map(({ name }) => name) });
}
