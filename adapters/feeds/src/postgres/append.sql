WITH durable AS MATERIALIZED (
  SELECT CASE WHEN current_setting('synchronous_commit') = 'off' THEN set_config('synchronous_commit', 'on', true) END AS commit
), swept AS (
  DELETE FROM {table} WHERE seq IN (
    SELECT seq FROM {table} WHERE expires_at <= {now} ORDER BY expires_at LIMIT 100 FOR UPDATE SKIP LOCKED)
), added AS (
  INSERT INTO {table} (id, data, expires_at)
  SELECT $1::text, decode($2::text, 'base64'), $3::bigint FROM durable WHERE $3::bigint > {now}
  ON CONFLICT (id) DO NOTHING RETURNING seq
) SELECT (SELECT count(*)::int FROM added) AS added, pg_notify('{channel}', '')::text AS notified
