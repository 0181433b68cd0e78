import { defineHandler } from "nitro/h3";

export default defineHandler(async ({ req, context }) => ({ text: await req.text(), by: context.visitor.user?.name }));
