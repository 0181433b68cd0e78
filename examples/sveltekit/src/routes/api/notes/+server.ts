export const POST = async ({ locals, request }) => Response.json({ text: await request.text(), by: locals.visitor.user?.name });
