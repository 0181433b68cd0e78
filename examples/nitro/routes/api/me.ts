import { defineHandler, parseCookies } from "nitro/h3";

export default defineHandler((event) => ({ user: event.context.visitor.user, cookies: Object.keys(parseCookies(event)) }));
