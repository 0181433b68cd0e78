import { createAuthClient } from "better-session/client";

export const authClient = createAuthClient({ fetchOptions: { headers: { "x-app": "angular" } } });
