WITH dropped AS (
  DELETE FROM {table} WHERE seq IN (SELECT seq FROM {table} ORDER BY seq DESC OFFSET $1::bigint) RETURNING arrived_at
) UPDATE {feed} SET floor = GREATEST(floor, (SELECT max(arrived_at) FROM dropped)) WHERE EXISTS (SELECT 1 FROM dropped)
