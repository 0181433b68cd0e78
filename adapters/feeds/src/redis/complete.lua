redis.call('HSET', hash, 'floor', 0)
return 'complete'
