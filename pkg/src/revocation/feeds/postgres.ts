/** `better-session/feeds/postgres`: a feed in two tables of a Postgres database (13 or later). */
import { BetterSessionError } from "../../error.js";
import { concat, fromBase64, toBase64 } from "../bytes.js";
import { isKept } from "../records.js";
import type { RevocationFeed } from "../types.js";
import { connectionOf, type PostgresConnection } from "./postgres-connection.js";
import { PAGE_BYTES, PAGE_ROWS, PROBE, statements, type Statements } from "./postgres-sql.js";

export type { Connect, DrizzleLike, PostgresConnection, PostgresJsLike, QueryableLike } from "./postgres-connection.js";

export interface PostgresFeedOptions {
  /** The table, with or without a schema; `_feed` is appended for the second one. Default "better_session_revocations". */
  table?: string;
  /** Creates the tables on first use. False if `postgresMigration` was run instead. Default true. */
  migrate?: boolean;
  /** Listens for notifications, on one more connection beside those of a pool. False behind a pooler in transaction mode. Default true. */
  listen?: boolean;
  /** Maximum number of rows. Beyond it the oldest are dropped and caches older than them are looked up. Default 120,000. */
  maxRows?: number;
}

/** A feed in Postgres. */
export interface PostgresFeed extends RevocationFeed {
  /**
   * Declares that no revocation is missing, so that caches older than the feed are accepted again. Call it by hand, once: when
   * a gate without a database begins to use a new feed.
   */
  declareComplete(): Promise<void>;
  /** Closes the connection that listens. The feed can still be used. */
  close(): void;
}

const TABLE = "better_session_revocations";
const MAX_ROWS = 120_000;

/** Appends of one process between two checks of the number of rows. */
const TRIM_EVERY = 64;

/** Postgres's code for a missing table. */
const UNDEFINED_TABLE = "42P01";

/** Its codes for a function that is missing, not permitted or not supported. */
const NOT_SHOWN = /^(?:42883|42501|0A000)$/;

/** Returns the SQL that creates the tables, as `postgresFeed` does on first use. It can be run again. */
export function postgresMigration({ table = TABLE }: Pick<PostgresFeedOptions, "table"> = {}): string {
  return `${statements(validTable(table), true).migration};`;
}

/**
 * Creates a feed in Postgres. `connection` is a pool or client of `pg`, a Drizzle database, a client of postgres.js, or a
 * function that opens a client for each statement (Workers with Hyperdrive). Use the primary server, not a replica.
 */
export function postgresFeed(connection: PostgresConnection, options: PostgresFeedOptions = {}): PostgresFeed {
  const { migrate = true, listen = true, maxRows = MAX_ROWS } = options;
  const table = validTable(options.table ?? TABLE);
  const { query, listen: listenFor } = connectionOf(connection);
  let sql = statements(table, true);
  let probed = false;
  let appends = 0;
  const stops: (() => void)[] = [];

  /** Runs a statement. Creates the tables if they are missing, once. */
  const run = async (statement: (of: Statements) => string, values: string[] = []) => {
    try {
      if (!probed) await probe();
      return await query(statement(sql), values);
    } catch (error) {
      if (!migrate || codeOf(error) !== UNDEFINED_TABLE) throw error;
      await query(sql.migration, []);
      return query(statement(sql), values);
    }
  };

  /** Not every service shows the identity of its server. */
  const probe = async () => {
    try {
      await query(PROBE, []);
    } catch (error) {
      if (!NOT_SHOWN.test(codeOf(error) ?? "")) throw error;
      sql = statements(table, false);
    }
    probed = true;
  };

  const trim = async (kept: boolean) => {
    if (appends++ % TRIM_EVERY !== 0) return;
    if (!kept) return void (await run(({ trim }) => trim, [String(maxRows)]));
    const [row] = await run(({ count }) => count);
    if (Number(row?.rows) < maxRows) return;
    appends -= 1; // checked again by the next append
    throw new Error("The table of revocations is full.");
  };

  return {
    ...(listen ? { listen: (wake) => void stops.push(listenFor(sql.channel, wake)) } : {}),

    async append({ data, expiresAt, id }) {
      await trim(isKept(data));
      await run(({ append }) => append, [id, toBase64(data), String(expiresAt)]);
    },

    async since(cursor) {
      for (let tries = 0; tries < 3; tries += 1) {
        const [epoch, seen = "", target = "", xid = "", seq = ""] = cursor.split("/").map(valid);
        const [state] = await run(({ since }) => since, [seen, target, xid, seq]);
        if (!state?.current) await run(({ begin }) => begin);
        else if (cursor !== "" && (epoch !== state.epoch || isAhead(seen, state.snapshot))) cursor = "";
        else return answerOf(state, seen, target);
      }
      throw new Error("The table of revocations changes its epoch with every read.");
    },

    async declareComplete() {
      await this.since("");
      await run(({ complete }) => complete);
    },

    close() {
      for (const stop of stops.splice(0)) stop();
    },
  };
}

/** Returns a part of a cursor, or "" if it is not one: a cursor can come from another feed. */
function valid(part: string): string {
  return /^(?:[0-9a-f-]{36}|\d{1,20}|\d+:\d+:[\d,]*)$/.test(part) ? part : "";
}

/** Returns whether a snapshot is later than the server's, which was restored then. */
function isAhead(snapshot: string, current: unknown): boolean {
  const nextXid = (text: string) => BigInt(text.split(":")[1] || 0);
  return nextXid(snapshot) > nextXid(String(current));
}

function answerOf(state: Record<string, unknown>, seen: string, target: string) {
  const data = String(state.data ?? "");
  const reached = target || String(state.snapshot);
  const more = Number(state.rows) >= PAGE_ROWS || Number(state.bytes ?? 0) >= PAGE_BYTES;
  const position = more ? `${seen}/${reached}/${String(state.last_xid)}/${String(state.last_seq)}` : reached;
  return {
    marks: data === "" ? new Uint8Array() : concat(data.split(",").map(fromBase64)),
    cursor: `${String(state.epoch)}/${position}`,
    age: 0,
    more,
    floor: Number(state.floor) || undefined,
  };
}

/** Returns the SQLSTATE of an error of any driver; Drizzle wraps its driver's. */
function codeOf(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === "string" && /^[0-9A-Z]{5}$/.test(code)) return code;
  return cause === undefined ? undefined : codeOf(cause);
}

function validTable(table: string): string {
  if (typeof table === "string" && /^[a-z_][a-z0-9_]{0,40}(\.[a-z_][a-z0-9_]{0,40})?$/.test(table)) return table;
  throw new BetterSessionError("OPTION_INVALID", "postgresFeed's table must be a name in lower case, with or without a schema");
}
