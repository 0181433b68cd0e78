import { getVisitor } from "better-session/next";

export async function POST(request: Request) {
  const { user } = await getVisitor();
  return Response.json({ text: await request.text(), by: user?.name });
}
