import { check } from "./server.mjs";
export { RevocationLog } from "better-session/edge";

export default {
  async fetch(request, env) {
    return Response.json(await check({ server: env.SERVER, faults: env.FAULTS, secret: env.SECRET }));
  },
};
