/** The Durable Object behind `durableObjectFeed`: an ordered log of batches, alive until they expire. */
import { Lines, SWEEP, type Line } from "./batch-log.js";

/** As much of a Durable Object's context as is used here. */
interface ObjectContext {
  storage: {
    sql: { exec(query: string, ...values: unknown[]): Iterable<Record<string, unknown>> };
    setAlarm(at: number): Promise<void> | void;
  };
}

/** Bytes of one append. */
const MAX_APPEND = 1024 * 1024;

/**
 * Export it from the Worker's entry and bind it with SQLite storage (`new_sqlite_classes`). Nothing but hashes and
 * times gets here. All live batches are in memory, SQLite is read once after a start: a read that finds nothing new
 * costs no storage operation.
 */
export class RevocationLog {
  readonly #ctx: ObjectContext;
  #opened: Lines | undefined;
  #alarmed = false;

  constructor(ctx: ObjectContext, _env?: unknown) {
    this.#ctx = ctx;
  }

  /** `POST /append?id=&expires=` with a batch; `GET /since?cursor=`; `GET /tail`, with `?framed` as frames. */
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
      const { frames, cursor, from, floor } = this.#lines().framedTail(Date.now());
      return new Response(frames as BodyInit, { headers: { "x-framed": "1", "x-cursor": cursor, "x-from": from, "x-floor": String(floor ?? "") } });
    }
    if (pathname === "/tail") {
      const { marks, cursor, from, floor } = this.#lines().tail(Date.now());
      return new Response(marks as BodyInit, { headers: { "x-cursor": cursor, "x-from": from, "x-floor": String(floor ?? "") } });
    }
    const { marks, cursor, more, floor } = this.#lines().since(searchParams.get("cursor") ?? "", Date.now());
    const headers = { "x-cursor": cursor, "x-more": more ? "1" : "", "x-floor": String(floor ?? "") };
    return new Response(marks as BodyInit, { headers });
  }

  /** Storage holds back this object's answer until what was written is durable. */
  private async append(batch: { data: Uint8Array; expiresAt: number; id: string }): Promise<void> {
    const line = this.#lines().add(batch, Date.now());
    if (!line) return;
    try {
      this.#store(line);
      this.#sweep();
    } catch (failure) {
      this.#opened = undefined; // what is not stored is not known: the next try must not find it there
      throw failure;
    }
    await this.#wake();
  }

  async alarm(): Promise<void> {
    this.#alarmed = false;
    this.#sweep();
    await this.#wake();
  }

  async #wake(): Promise<void> {
    if (this.#alarmed || this.#lines().empty) return;
    this.#alarmed = true;
    await this.#ctx.storage.setAlarm(Date.now() + SWEEP);
  }

  #store({ seq, id, data, expiresAt, arrivedAt }: Line): void {
    this.#sql("INSERT INTO lines VALUES (?, ?, ?, ?, ?)", seq, id, data, expiresAt, arrivedAt);
  }

  #sweep(): void {
    const lines = this.#lines();
    const floor = lines.floor;
    const store = (line: Line) => this.#store(line);
    for (const seq of lines.forget(Date.now(), undefined, store)) this.#sql("DELETE FROM lines WHERE seq = ?", seq);
    if (lines.floor !== floor) this.#sql("UPDATE log SET floor = ?", lines.floor);
  }

  #lines(): Lines {
    return (this.#opened ??= this.#open());
  }

  #open(): Lines {
    this.#sql("CREATE TABLE IF NOT EXISTS log (floor INTEGER NOT NULL)");
    this.#sql("CREATE TABLE IF NOT EXISTS lines (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, data BLOB NOT NULL, expires INTEGER NOT NULL, arrived INTEGER NOT NULL)");
    if (this.#sql("SELECT floor FROM log").length === 0) this.#sql("INSERT INTO log VALUES (0)");
    const floor = Number(this.#sql("SELECT floor FROM log")[0]?.floor);
    return new Lines(this.#sql("SELECT seq, id, data, expires, arrived FROM lines ORDER BY seq").map(lineOf), floor);
  }

  #sql(query: string, ...values: unknown[]): Record<string, unknown>[] {
    return [...this.#ctx.storage.sql.exec(query, ...values)];
  }
}

function lineOf(row: Record<string, unknown>): Line {
  return {
    seq: row.seq as number,
    id: row.id as string,
    data: new Uint8Array(row.data as ArrayBuffer),
    expiresAt: row.expires as number,
    arrivedAt: row.arrived as number,
  };
}
