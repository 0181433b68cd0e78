/** Runs Lua scripts through the client that the user has: `redis`, `ioredis`, `@upstash/redis`, or Upstash's REST interface. */
import { BetterSessionError } from "../../error.js";
import { limited } from "./limited.js";

/** The part of a client of the package `redis` (node-redis) that is used here; a cluster or a pool has it too. */
export interface NodeRedisLike {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  /** Distinguishes it from `ioredis`, which has `defineCommand`. */
  readonly isOpen?: boolean;
}

/** The part of a client of the package `ioredis` that is used here; a cluster has it too. */
export interface IORedisLike {
  eval(script: string, keyCount: number, ...args: string[]): Promise<unknown>;
  defineCommand(...args: never[]): unknown;
}

/** The part of a client of the package `@upstash/redis` that is used here. */
export interface UpstashLike {
  eval(script: string, keys: string[], args: string[]): Promise<unknown>;
  createScript(...args: never[]): unknown;
}

/** Upstash's REST interface, or a proxy with the same: `url` receives a command as a JSON array. */
export interface RedisREST {
  url: string;
  token: string;
  /** Default: the global `fetch`. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

export type RedisConnection = NodeRedisLike | IORedisLike | UpstashLike | RedisREST;

/** Runs a script and resolves to its string. */
export type RunScript = (script: string, keys: string[], args: string[]) => Promise<string>;

/** Returns how to run a script on a connection. Throws a BetterSessionError if it is of no known kind. */
export function scriptRunner(connection: RedisConnection): RunScript {
  const client = (connection ?? {}) as Partial<NodeRedisLike & IORedisLike & UpstashLike & RedisREST>;
  if (typeof client.url === "string" && typeof client.token === "string") return overRest(connection as RedisREST);
  if (typeof client.eval !== "function") {
    throw new BetterSessionError(
      "OPTION_INVALID",
      "revocation.feed: redisFeed takes a client of redis, ioredis or @upstash/redis, or { url, token } of a REST interface",
    );
  }
  if (typeof client.createScript === "function") {
    const upstash = connection as UpstashLike;
    return async (script, keys, args) => textOf(await upstash.eval(script, keys, args));
  }
  // A TCP client queues commands while the server is away, so the number of those that wait is limited.
  if (typeof client.defineCommand === "function") {
    const ioredis = connection as IORedisLike;
    return limited(async (script, keys, args) => textOf(await ioredis.eval(script, keys.length, ...keys, ...args)));
  }
  const redis = connection as NodeRedisLike;
  return limited(async (script, keys, args) => textOf(await redis.eval(script, { keys, arguments: args })));
}

function overRest({ url, token, fetch: send = (target, init) => fetch(target, init) }: RedisREST): RunScript {
  return async (script, keys, args) => {
    const response = await send(url, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(["EVAL", script, String(keys.length), ...keys, ...args]),
    });
    const { result, error } = (await response.json()) as { result?: unknown; error?: unknown };
    if (!response.ok || error !== undefined) throw new Error(`Redis responded with status ${response.status}: ${String(error)}`);
    return textOf(result);
  };
}

/** A client can be configured to return a Buffer. */
function textOf(reply: unknown): string {
  return String(reply);
}
