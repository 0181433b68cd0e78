SELECT f.epoch, f.floor::text AS floor, f.incarnation = {identity} AS current, pg_current_snapshot()::text AS snapshot, page.*
FROM {feed} f LEFT JOIN LATERAL (
  SELECT string_agg(encode(data, 'base64'), ',' ORDER BY xid, seq) AS data, count(*)::int AS rows, sum(octet_length(data))::int AS bytes,
    (array_agg(xid::text ORDER BY xid DESC, seq DESC))[1] AS last_xid, (array_agg(seq::text ORDER BY xid DESC, seq DESC))[1] AS last_seq
  FROM (SELECT *, sum(octet_length(data)) OVER (ORDER BY xid, seq) - octet_length(data) AS before FROM (
    SELECT xid, seq, data FROM {table}
    WHERE xid >= COALESCE(pg_snapshot_xmin(NULLIF($1::text, '')::pg_snapshot), '0'::xid8)
      AND (xid, seq) > (COALESCE(NULLIF($3::text, ''), '0')::xid8, COALESCE(NULLIF($4::text, ''), '0')::bigint)
      AND ($1::text = '' OR NOT pg_visible_in_snapshot(xid, NULLIF($1::text, '')::pg_snapshot))
      AND ($2::text = '' OR pg_visible_in_snapshot(xid, NULLIF($2::text, '')::pg_snapshot))
      AND expires_at > {now}
    ORDER BY xid, seq LIMIT 4096) AS fetched) AS sized
  WHERE before < 1048576
) AS page ON true
