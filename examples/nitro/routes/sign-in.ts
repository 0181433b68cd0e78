import { defineHandler, html } from "nitro/h3";

export default defineHandler(() => html`<p>POST /api/auth/sign-in/email, or ask your front end to</p>`);
