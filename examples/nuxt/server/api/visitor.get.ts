/** Public: the front page greets visitors with it. On the server it is an internal request, with the visitor's cookies. */
export default defineEventHandler((event) => ({ name: event.context.visitor.user?.name ?? null }));
