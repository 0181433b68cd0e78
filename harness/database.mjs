// Embedded Postgres (PGlite). Starting one takes seconds, so the origins of a process share one, each in its own Postgres schema.

import { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import { ddl, drizzleTables } from "./schema.mjs";

/** How long an unused database waits for the next origin; its own timers would keep the process alive for 10 s. */
const LINGER_MS = 300;

let shared = null;
let users = 0;
let namespaces = 0;

/**
 * A database with the tables of `models` (Better Auth's `getAuthTables`).
 * `persist` is a directory that keeps it; without one it lives in memory and goes with `close()`.
 */
export async function openDatabase(models, { persist } = {}) {
  const namespace = persist ? undefined : `origin_${namespaces += 1}`;
  const client = await (persist ? PGlite.create(persist) : acquire());
  const tables = drizzleTables(models, namespace);
  for (const statement of ddl(tables, namespace)) await client.exec(statement);
  return {
    client,
    namespace,
    tables,
    db: drizzle(client, { schema: tables }),
    async close() {
      if (persist) return client.close();
      await client.exec(`drop schema "${namespace}" cascade`);
      release();
    },
  };
}

function acquire() {
  users += 1;
  return (shared ??= PGlite.create());
}

function release() {
  users -= 1;
  setTimeout(async () => {
    if (users > 0 || !shared) return;
    const client = shared;
    shared = null;
    await (await client).close();
  }, LINGER_MS);
}
