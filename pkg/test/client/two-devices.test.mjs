// Two devices of one person in Node: the scenario that pages run as well.
import "./support.mjs";
import { after, test } from "node:test";
import { createAuthClient } from "better-session/client";
import { device } from "./device.mjs";
import { startServer } from "./server.mjs";

const { scenario } = await import("./scenario.mjs");
const server = await startServer();
after(() => server.close());

const cookies = () => ({ customFetchImpl: device(server).fetch });
const bare = { customFetchImpl: (url, init) => device(server).fetch(url, init) };
for (const [name, run] of scenario({ createAuthClient, baseURL: server.url, cookies, bare })) test(name, run);
