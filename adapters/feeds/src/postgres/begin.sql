INSERT INTO {feed} AS f (one, epoch, floor, incarnation) VALUES (true, gen_random_uuid()::text, {now}, {identity})
ON CONFLICT (one) DO UPDATE SET epoch = EXCLUDED.epoch, floor = EXCLUDED.floor, incarnation = EXCLUDED.incarnation
WHERE f.incarnation <> EXCLUDED.incarnation
