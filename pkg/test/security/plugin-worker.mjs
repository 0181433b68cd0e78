// The server of plugin-server.mjs as a Worker.
import { betterSession } from "better-session/plugin";
import { createServer } from "./plugin-server.mjs";

let server;

export default {
  fetch(request, env, ctx) {
    server ??= createServer(betterSession, env);
    return server.fetch(request, ctx);
  },
};
