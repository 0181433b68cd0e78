// Embedded Postgres (PGlite). It takes seconds to start, so the origins of a process share one database, each with its own Postgres schema.

import { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import { ddl, drizzleTables } from "./schema.mjs";

/** Time after which an unused database is closed; its timers would keep the process alive for 10 s. */
const LINGER_MS = 300;

let shared = null;
let users = 0;
let namespaces = 0;

/**
 * Opens a database with the tables of `models` (Better Auth's `getAuthTables`).
 * `persist` is a directory for its files; without one the database is in memory and is dropped by `close()`.
 */
export async function openDatabase(models, { persist } = {}) {
  const namespace = persist ? undefined : `origin_${(namespaces += 1)}`;
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
