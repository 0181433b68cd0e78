import { createAuthClient } from "better-session/svelte";
import { options } from "./options.mjs";

export const client = createAuthClient(options("svelte"));
