// The names that the code blocks of the documents leave to the reader's application.
declare module "cloudflare:workers" {
  export const env: {
    BETTER_AUTH_SECRET: string;
    BETTER_AUTH_URL: string;
    AUTH_ORIGIN: string;
    REVOCATIONS: import("better-session/edge").DurableObjectNamespaceLike;
  };
}
// Members of the runtimes that a block is written for.
declare const Deno: any;
declare const Bun: any;
declare const request: Request;
declare const ctx: import("better-session/edge").Context;
declare const env: { BETTER_AUTH_SECRET: string; REVOCATIONS: import("better-session/edge").DurableObjectNamespaceLike };
declare const secret: string;
declare const token: string;
declare const gate: import("better-session/edge").SessionGate;
declare function render(...parts: unknown[]): void;
declare function askForThePasswordAgain(): void;
declare const authClient: import("better-session/client").AuthClient;
// Options of the gate that a block leaves out.
declare const options: Omit<import("better-session/edge").GateOptions, "revocation">;
// Members of the Workers runtime, and of the reader's server for WebSockets.
declare const WebSocketPair: new () => Record<string, any>;
interface ResponseInit {
  webSocket?: unknown;
}
declare function events(): ReadableStream<Uint8Array>;
declare const server: { on(event: string, listener: (...args: any[]) => void): void };
declare const sockets: { handleUpgrade(request: unknown, socket: unknown, head: unknown, done: (connection: any) => void): void };
// Angular.
declare function signal<T>(value: T): { (): T; set(value: T): void };
declare function inject<T>(token: new () => T): T;
declare class DestroyRef {
  onDestroy(callback: () => void): void;
}
