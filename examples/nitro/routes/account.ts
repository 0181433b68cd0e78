import { defineHandler, html } from "nitro/h3";

export default defineHandler(({ context }) => html`<h1>Account of ${context.visitor.user?.name}</h1>`);
