/** `better-session/feeds/redis`: a feed in a stream of Redis, Valkey or Upstash. */
import { BetterSessionError } from "../../error.js";
import { concat, fromBase64, toBase64 } from "../bytes.js";
import { isKept } from "../records.js";
import type { RevocationFeed } from "../types.js";
import { scriptRunner, type RedisConnection } from "./redis-client.js";
import { APPEND, COMPLETE, SINCE } from "./redis-script.js";

export type { IORedisLike, NodeRedisLike, RedisConnection, RedisREST, UpstashLike } from "./redis-client.js";

export interface RedisFeedOptions {
  /** Begins the names of the keys. They are in one slot of a cluster. Default "better-session". */
  prefix?: string;
  /**
   * True if the server never loses a write that it has confirmed, not even in a crash or a failover (`appendfsync always`
   * without asynchronous replicas, or a managed service that says so). Default false: after every restart of the server each
   * session is looked up once, because revocations may be missing. A gate without a database needs true.
   */
  durable?: boolean;
  /** Maximum size of the stream. Beyond it the oldest batches are dropped and caches older than them are looked up. Default 32 MiB. */
  maxBytes?: number;
}

/** A feed in Redis. */
export interface RedisFeed extends RevocationFeed {
  /**
   * Declares that no revocation is missing, so that caches older than the feed are accepted again. Call it by hand, once: when
   * a gate without a database begins to use a new feed.
   */
  declareComplete(): Promise<void>;
}

const MAX_BYTES = 32 * 1024 * 1024;

/** The name of the feed in its keys: between braces, so that a cluster keeps them on one server. */
const KEY_PREFIX = /^[^{}\s]{1,200}$/;

/**
 * Creates a feed in a Redis stream, which is made on first use. `connection` is a connected client of `redis` (node-redis) or
 * `ioredis`, a client of `@upstash/redis`, or `{ url, token }` of Upstash's REST interface; on Workers use one of the last two.
 * Appends and reads go to the primary server and are strongly consistent.
 */
export function redisFeed(connection: RedisConnection, options: RedisFeedOptions = {}): RedisFeed {
  const { prefix = "better-session", durable = false, maxBytes = MAX_BYTES } = options;
  if (typeof prefix !== "string" || !KEY_PREFIX.test(prefix)) {
    throw new BetterSessionError("OPTION_INVALID", "redisFeed's prefix must be 1 to 200 characters without braces and spaces");
  }
  if (!Number.isSafeInteger(maxBytes) || maxBytes <= 0) {
    throw new BetterSessionError("OPTION_INVALID", "redisFeed's maxBytes must be a whole number of bytes above 0");
  }
  const run = scriptRunner(connection);
  const keys = ["marks", "feed"].map((name) => `{${prefix}}:${name}`);
  const opening = (epoch = "", id = "") => [durable ? "0" : "1", crypto.randomUUID(), epoch, id];

  return {
    mayLose: !durable,

    async append({ data, expiresAt, id }) {
      const args = [...opening(), toBase64(data), String(expiresAt), isKept(data) ? "1" : "0", String(maxBytes)];
      const result = await run(APPEND, [...keys, `{${prefix}}:id:${id}`], args);
      if (result !== "added" && result !== "known") throw new Error(`The Redis stream did not accept a revocation: ${result}`);
    },

    async since(cursor) {
      const [epoch, id] = cursor.split("/");
      const [current, floor, last, more, ...batches] = (await run(SINCE, keys, opening(epoch, id))).split("\n");
      if (!current || !last) throw new Error("The Redis stream could not be read.");
      return {
        marks: concat(batches.filter(Boolean).map(fromBase64)),
        cursor: `${current}/${last}`,
        age: 0,
        more: more === "1",
        floor: Number(floor) || undefined,
      };
    },

    async declareComplete() {
      await run(COMPLETE, keys, opening());
    },
  };
}
