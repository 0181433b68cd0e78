export default defineEventHandler((event) => ({ user: event.context.visitor.user, cookies: Object.keys(parseCookies(event)) }));
