export const GET = ({ locals, cookies }) => Response.json({ user: locals.visitor.user, cookies: cookies.getAll().map(({ name }) => name) });
