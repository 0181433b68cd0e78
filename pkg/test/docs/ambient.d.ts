// The names that the code blocks of the documents leave to the reader's application.
declare module "cloudflare:workers" {
  export const env: { BETTER_AUTH_SECRET: string; REVOCATIONS: import("better-session/edge").DurableObjectNamespaceLike };
}
declare const request: Request;
declare const ctx: import("better-session/edge").Context;
declare const env: { BETTER_AUTH_SECRET: string; REVOCATIONS: import("better-session/edge").DurableObjectNamespaceLike };
declare const secret: string;
declare const token: string;
declare const gate: import("better-session/edge").SessionGate;
declare function render(...parts: unknown[]): void;
declare function askForThePasswordAgain(): void;
declare const authClient: import("better-session/client").AuthClient;
