// Opens a feed as its recipe in docs/revocation.md does, with a short timeout for connections that are cut off.
import IORedis from "ioredis";
import pg from "pg";
import { createClient } from "redis";
import { memoryFeed } from "../../pkg/dist/edge.js";
import { postgresFeed } from "../../pkg/dist/feeds-postgres.js";
import { redisFeed } from "../../pkg/dist/feeds-redis.js";

/** `kind`: memory, redis, ioredis, upstash (REST, with `token`), postgres or postgres-polling (no notifications). */
export async function openFeed({ kind, url, token }) {
  switch (kind) {
    case "memory":
      return memoryFeed();
    case "redis": {
      const client = createClient({
        url,
        pingInterval: 1000,
        socket: { socketTimeout: 3000, connectTimeout: 1000, reconnectStrategy: 100 },
      });
      client.on("error", () => {});
      client.connect().catch(() => {});
      return redisFeed(client);
    }
    case "ioredis": {
      const client = new IORedis(url, { socketTimeout: 3000, connectTimeout: 1000, retryStrategy: () => 100 });
      client.on("error", () => {});
      return redisFeed(client);
    }
    case "upstash":
      return redisFeed({ url, token });
    case "postgres":
    case "postgres-polling": {
      const pool = new pg.Pool({ connectionString: url, max: 5, query_timeout: 3000, connectionTimeoutMillis: 1000 });
      pool.on("error", () => {});
      return postgresFeed(pool, { listen: kind === "postgres" });
    }
    default:
      throw new Error(`no feed of this kind: ${kind}`);
  }
}
