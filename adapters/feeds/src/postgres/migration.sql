DO $better_session$ BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('{table}'));
  CREATE TABLE IF NOT EXISTS {table} (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    id text NOT NULL UNIQUE,
    data bytea NOT NULL,
    expires_at bigint NOT NULL,
    arrived_at bigint NOT NULL DEFAULT {now}
  );
  CREATE INDEX IF NOT EXISTS {channel}_xid ON {table} (xid, seq);
  CREATE INDEX IF NOT EXISTS {channel}_expires ON {table} (expires_at);
  CREATE TABLE IF NOT EXISTS {feed} (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    epoch text NOT NULL,
    floor bigint NOT NULL,
    incarnation text NOT NULL
  );
END $better_session$
