/** Runs SQL through the connection that the user has: `pg`, Drizzle, postgres.js, Neon, PGlite, or a function that opens one. */
import { BetterSessionError } from "../../error.js";
import { limited } from "./limited.js";

type Row = Record<string, unknown>;
type Rows = Row[] | { rows: Row[] };

/** A client or a pool: of `pg`, of PGlite, of Neon's drivers. */
export interface QueryableLike {
  query(text: string, values?: unknown[]): PromiseLike<unknown>;
}

/** The client of postgres.js. */
export interface PostgresJsLike {
  unsafe(text: string, values?: never[]): PromiseLike<unknown>;
}

/** A Drizzle database of any driver above. */
export interface DrizzleLike {
  $client: unknown;
}

/** Opens a connection for one statement, for Workers with Hyperdrive. It is closed by `end`. */
export type Connect = () => PromiseLike<QueryableLike & { end?(): PromiseLike<unknown> }>;

export type PostgresConnection = QueryableLike | PostgresJsLike | DrizzleLike | Connect;

/** The part of a client of `pg` that receives notifications. */
interface Listener extends QueryableLike {
  connect?(): Promise<unknown>;
  on?(event: "notification" | "error" | "end", handler: () => void): unknown;
  end?(): Promise<void>;
  unref?(): void;
}

/** The part of a pool of `pg` from which a client of its own is made. One that the pool lends for good would block `pool.end()`. */
interface PoolLike {
  Client: new (options: unknown) => Listener;
  options: unknown;
  ending?: boolean;
}

export interface Connection {
  query(text: string, values: string[]): Promise<Row[]>;
  /** Calls `wake` on each notification and after each reconnection. Does nothing if the driver cannot listen. Returns how to stop. */
  listen(channel: string, wake: () => void): () => void;
}

/** Delay before another attempt to listen, in milliseconds. */
const RELISTEN = 1000;

/** Returns how to use a connection. Throws a BetterSessionError if it is of no known kind. */
export function connectionOf(given: PostgresConnection): Connection {
  const client = ((given as Partial<DrizzleLike> | undefined)?.$client ?? given) as Partial<QueryableLike & PostgresJsLike> | undefined;
  if (typeof client?.unsafe === "function") return postgresJs(client as PostgresJsLike);
  if (typeof client?.query === "function") return queryable(client as QueryableLike);
  if (typeof client === "function") return opened(client);
  throw new BetterSessionError(
    "OPTION_INVALID",
    "revocation.feed: postgresFeed takes a client or pool of pg, a Drizzle database, a client of postgres.js, or a function that opens a client",
  );
}

function postgresJs(sql: PostgresJsLike): Connection {
  const { listen } = sql as { listen?: (channel: string, onNotify: () => void, onListen: () => void) => PromiseLike<unknown> };
  return {
    query: limited(async (text, values) => rowsOf(await sql.unsafe(text, values as never[]))),
    listen(channel, wake) {
      const listening = listen?.(channel, wake, wake).then(undefined, () => undefined);
      return () => void listening?.then((it) => (it as { unlisten?(): unknown } | undefined)?.unlisten?.());
    },
  };
}

function queryable(client: QueryableLike): Connection {
  return {
    query: limited(async (text, values) => rowsOf(await client.query(text, values))),
    listen: (channel, wake) => listenWith(client, channel, wake),
  };
}

/** Not limited: on Workers the call of a cancelled request never ends. */
function opened(connect: Connect): Connection {
  return {
    async query(text, values) {
      const client = await connect();
      // An unhandled "error" event would end a Node process; the statement rejects as well.
      (client as Partial<Listener>).on?.("error", () => {});
      try {
        return rowsOf(await client.query(text, values));
      } finally {
        await client.end?.();
      }
    },
    listen: () => () => {},
  };
}

/** Listens on a client of its own with the options of a pool, which is opened again when it is lost, or on the single client. */
function listenWith(client: Listener & Partial<PoolLike>, channel: string, wake: () => void): () => void {
  const { Client, options } = client;
  const isPool = typeof Client === "function";
  let stopped = false;
  let current: Listener | undefined;
  const open = async () => {
    if (stopped || client.ending) return;
    const listener: Listener = isPool ? new Client(options) : client;
    if (typeof listener.on !== "function") return;
    current = listener;
    let lost = false;
    const onLost = () => {
      if (lost) return;
      lost = true;
      if (!isPool) return; // a single client does not reconnect
      listener.end?.().catch(() => {});
      (setTimeout(() => void open(), RELISTEN) as { unref?: () => void }).unref?.();
    };
    listener.on("error", onLost);
    listener.on("end", onLost);
    try {
      if (isPool) await listener.connect?.();
      if (isPool) listener.unref?.();
      listener.on("notification", wake);
      await listener.query(`LISTEN ${channel}`);
      wake();
    } catch {
      onLost();
    }
  };
  void open();
  return () => {
    stopped = true;
    if (isPool) current?.end?.().catch(() => {});
  };
}

function rowsOf(result: unknown): Row[] {
  return Array.isArray(result) ? result : (result as Exclude<Rows, Row[]>).rows;
}
