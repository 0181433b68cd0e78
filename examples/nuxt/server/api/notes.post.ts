export default defineEventHandler(async (event) => ({ text: await readRawBody(event), by: event.context.visitor.user?.name }));
