/** The Durable Object behind `durableObjectFeed`: an ordered log of batches until they expire. */
import { BatchLog, SWEEP, type LoggedBatch } from "./batch-log.js";

/** The part of a Durable Object's context that is used here. */
interface ObjectContext {
  storage: {
    sql: { exec(query: string, ...values: unknown[]): Iterable<Record<string, unknown>> };
    setAlarm(at: number): Promise<void> | void;
  };
}

/** Maximum size of one append in bytes. */
const MAX_APPEND = 1024 * 1024;

/**
 * Export it from the Worker's entry and bind it with SQLite storage (`new_sqlite_classes`). It stores only hashes and times.
 * All unexpired batches are in memory and SQLite is read once after a start, so a poll that finds no new batch costs no
 * storage operation.
 */
export class RevocationLog {
  readonly #ctx: ObjectContext;
  #opened: BatchLog | undefined;
  #alarmed = false;

  constructor(ctx: ObjectContext, _env?: unknown) {
    this.#ctx = ctx;
  }

  /** Handles `POST /append?id=&expires=` with a batch, `GET /since?cursor=`, and `GET /tail`, with `?framed` in frames. */
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (request.method === "POST" && pathname === "/append") {
      const data = new Uint8Array(await request.arrayBuffer());
      const expiresAt = Number(searchParams.get("expires"));
      if (data.length > MAX_APPEND || !Number.isSafeInteger(expiresAt)) return new Response(null, { status: 400 });
      await this.append({ data, expiresAt, id: searchParams.get("id") ?? crypto.randomUUID() });
      return new Response(null, { status: 204 });
    }
    if (request.method !== "GET") return new Response(null, { status: 405 });
    if (pathname === "/tail" && searchParams.has("framed")) {
      const { frames, cursor, from, floor } = this.#log().framedTail(Date.now());
      return new Response(frames as BodyInit, {
        headers: { "x-framed": "1", "x-cursor": cursor, "x-from": from, "x-floor": String(floor ?? "") },
      });
    }
    if (pathname === "/tail") {
      const { marks, cursor, from, floor } = this.#log().tail(Date.now());
      return new Response(marks as BodyInit, { headers: { "x-cursor": cursor, "x-from": from, "x-floor": String(floor ?? "") } });
    }
    const { marks, cursor, more, floor } = this.#log().since(searchParams.get("cursor") ?? "", Date.now());
    const headers = { "x-cursor": cursor, "x-more": more ? "1" : "", "x-floor": String(floor ?? "") };
    return new Response(marks as BodyInit, { headers });
  }

  /** Appends a batch. The runtime delays this object's response until the write is durable. */
  private async append(batch: { data: Uint8Array; expiresAt: number; id: string }): Promise<void> {
    const logged = this.#log().add(batch, Date.now());
    if (!logged) return;
    try {
      this.#store(logged);
      this.#sweep();
    } catch (failure) {
      this.#opened = undefined; // read from SQLite again: the next attempt must not find a batch that was not stored
      throw failure;
    }
    await this.#setAlarm();
  }

  async alarm(): Promise<void> {
    this.#alarmed = false;
    this.#sweep();
    await this.#setAlarm();
  }

  async #setAlarm(): Promise<void> {
    if (this.#alarmed || this.#log().empty) return;
    this.#alarmed = true;
    await this.#ctx.storage.setAlarm(Date.now() + SWEEP);
  }

  #store({ seq, id, data, expiresAt, arrivedAt }: LoggedBatch): void {
    this.#sql("INSERT INTO lines VALUES (?, ?, ?, ?, ?)", seq, id, data, expiresAt, arrivedAt);
  }

  #sweep(): void {
    const log = this.#log();
    const floor = log.floor;
    const store = (batch: LoggedBatch) => this.#store(batch);
    for (const seq of log.removeExpired(Date.now(), undefined, store)) this.#sql("DELETE FROM lines WHERE seq = ?", seq);
    if (log.floor !== floor) this.#sql("UPDATE log SET floor = ?", log.floor);
  }

  #log(): BatchLog {
    return (this.#opened ??= this.#open());
  }

  #open(): BatchLog {
    this.#sql("CREATE TABLE IF NOT EXISTS log (floor INTEGER NOT NULL)");
    this.#sql(
      "CREATE TABLE IF NOT EXISTS lines (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, data BLOB NOT NULL, expires INTEGER NOT NULL, arrived INTEGER NOT NULL)",
    );
    if (this.#sql("SELECT floor FROM log").length === 0) this.#sql("INSERT INTO log VALUES (0)");
    const floor = Number(this.#sql("SELECT floor FROM log")[0]?.floor);
    return new BatchLog(this.#sql("SELECT seq, id, data, expires, arrived FROM lines ORDER BY seq").map(batchOf), floor);
  }

  #sql(query: string, ...values: unknown[]): Record<string, unknown>[] {
    return [...this.#ctx.storage.sql.exec(query, ...values)];
  }
}

function batchOf(row: Record<string, unknown>): LoggedBatch {
  return {
    seq: row.seq as number,
    id: row.id as string,
    data: new Uint8Array(row.data as ArrayBuffer),
    expiresAt: row.expires as number,
    arrivedAt: row.arrived as number,
  };
}
