import { defineHandler, html } from "nitro/h3";

export default defineHandler(({ context }) => html`<h1>Hello ${context.visitor.user?.name ?? "stranger"}</h1>`);
