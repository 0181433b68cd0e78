import { App, config } from "./app.js";
import { bootstrapApplication } from "@angular/platform-browser";
import { authClient } from "./client.js";

const { initial } = globalThis as { initial?: unknown };
Object.assign(globalThis, { authClient, started: bootstrapApplication(App, config(initial ?? null)) });
