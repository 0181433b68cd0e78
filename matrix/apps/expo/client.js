export { createAuthClient } from "better-session/react";
