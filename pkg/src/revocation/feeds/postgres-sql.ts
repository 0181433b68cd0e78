/**
 * The SQL of the Postgres feed.
 *
 * A sequence does not order commits: a row can become visible after a later one. A cursor is therefore the snapshot of a read
 * (`pg_current_snapshot`), and the next read returns the rows whose transaction that snapshot did not see.
 */

/** Milliseconds since the epoch by the server's clock. */
const NOW = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/** The cluster and its timeline, which changes with a failover and a recovery to a point in time. */
const SERVER = "(SELECT system_identifier FROM pg_control_system()) || ':' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)";

/** Fails where the server does not tell its identity. */
export const PROBE = `SELECT ${SERVER}`;

/** Rows and bytes of one page. */
export const PAGE_ROWS = 4096;
export const PAGE_BYTES = 1024 * 1024;

/** Expired rows that one append removes. */
const SWEEP = 100;

export interface Statements {
  migration: string;
  /** $1 id, $2 data in base64, $3 expiry (ms). */
  append: string;
  /** $1 snapshot of the cursor, $2 snapshot of a paged read, $3 and $4 its position. */
  since: string;
  /** Begins a new epoch if there is none or the server has changed. */
  begin: string;
  /** Drops the oldest of more than $1 rows and raises the floor. $1 may be exceeded by rows that must not be dropped. */
  trim: string;
  count: string;
  complete: string;
  /** The `NOTIFY` channel. */
  channel: string;
}

/**
 * Returns the statements for a table. `incarnation` is false where the server does not tell its identity: a failover that lost
 * commits is then not noticed.
 */
export function statements(table: string, incarnation: boolean): Statements {
  const feed = `${table}_feed`;
  const channel = table.replace(".", "_");
  const identity = `(${incarnation ? `${SERVER} || ':' || ` : ""}'${table}'::regclass::oid || ':' || '${feed}'::regclass::oid)`;
  const columns = `VALUES (true, gen_random_uuid()::text, ${NOW}, ${identity})`;
  return {
    channel,
    migration: `DO $better_session$ BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('${table}'));
  CREATE TABLE IF NOT EXISTS ${table} (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    id text NOT NULL UNIQUE,
    data bytea NOT NULL,
    expires_at bigint NOT NULL,
    arrived_at bigint NOT NULL DEFAULT ${NOW}
  );
  CREATE INDEX IF NOT EXISTS ${channel}_xid ON ${table} (xid, seq);
  CREATE INDEX IF NOT EXISTS ${channel}_expires ON ${table} (expires_at);
  CREATE TABLE IF NOT EXISTS ${feed} (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    epoch text NOT NULL,
    floor bigint NOT NULL,
    incarnation text NOT NULL
  );
END $better_session$`,
    // Rows must be durable once the append has returned, also on a server with synchronous_commit off.
    append: `WITH durable AS MATERIALIZED (
  SELECT CASE WHEN current_setting('synchronous_commit') = 'off' THEN set_config('synchronous_commit', 'on', true) END AS commit
), swept AS (
  DELETE FROM ${table} WHERE seq IN (
    SELECT seq FROM ${table} WHERE expires_at <= ${NOW} ORDER BY expires_at LIMIT ${SWEEP} FOR UPDATE SKIP LOCKED)
), added AS (
  INSERT INTO ${table} (id, data, expires_at)
  SELECT $1::text, decode($2::text, 'base64'), $3::bigint FROM durable WHERE $3::bigint > ${NOW}
  ON CONFLICT (id) DO NOTHING RETURNING seq
) SELECT (SELECT count(*)::int FROM added) AS added, pg_notify('${channel}', '')::text AS notified`,
    since: `SELECT f.epoch, f.floor::text AS floor, f.incarnation = ${identity} AS current, pg_current_snapshot()::text AS snapshot, page.*
FROM ${feed} f LEFT JOIN LATERAL (
  SELECT string_agg(encode(data, 'base64'), ',' ORDER BY xid, seq) AS data, count(*)::int AS rows, sum(octet_length(data))::int AS bytes,
    (array_agg(xid::text ORDER BY xid DESC, seq DESC))[1] AS last_xid, (array_agg(seq::text ORDER BY xid DESC, seq DESC))[1] AS last_seq
  FROM (SELECT *, sum(octet_length(data)) OVER (ORDER BY xid, seq) - octet_length(data) AS before FROM (
    SELECT xid, seq, data FROM ${table}
    WHERE xid >= COALESCE(pg_snapshot_xmin(NULLIF($1::text, '')::pg_snapshot), '0'::xid8)
      AND (xid, seq) > (COALESCE(NULLIF($3::text, ''), '0')::xid8, COALESCE(NULLIF($4::text, ''), '0')::bigint)
      AND ($1::text = '' OR NOT pg_visible_in_snapshot(xid, NULLIF($1::text, '')::pg_snapshot))
      AND ($2::text = '' OR pg_visible_in_snapshot(xid, NULLIF($2::text, '')::pg_snapshot))
      AND expires_at > ${NOW}
    ORDER BY xid, seq LIMIT ${PAGE_ROWS}) AS fetched) AS sized
  WHERE before < ${PAGE_BYTES}
) AS page ON true`,
    begin: `INSERT INTO ${feed} AS f (one, epoch, floor, incarnation) ${columns}
ON CONFLICT (one) DO UPDATE SET epoch = EXCLUDED.epoch, floor = EXCLUDED.floor, incarnation = EXCLUDED.incarnation
WHERE f.incarnation <> EXCLUDED.incarnation`,
    trim: `WITH dropped AS (
  DELETE FROM ${table} WHERE seq IN (SELECT seq FROM ${table} ORDER BY seq DESC OFFSET $1::bigint) RETURNING arrived_at
) UPDATE ${feed} SET floor = GREATEST(floor, (SELECT max(arrived_at) FROM dropped)) WHERE EXISTS (SELECT 1 FROM dropped)`,
    count: `SELECT count(*)::int AS rows FROM ${table}`,
    complete: `UPDATE ${feed} SET floor = 0`,
  };
}
