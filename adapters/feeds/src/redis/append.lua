local expires, limit, overhead = tonumber(ARGV[6]), tonumber(ARGV[8]), 256
local ids = {}
for _, entry in ipairs(redis.call('XRANGE', stream, '-', '+', 'COUNT', 64)) do
  local expired = tonumber(entry[2][4]) <= now
  if expired or (bytes > limit and ARGV[7] ~= '1') then
    if not expired then floor = math.max(floor, tonumber(string.match(entry[1], '^%d+'))) end
    if entry[2][2] ~= '' then bytes = math.max(0, bytes - #entry[2][2] - overhead) end
    ids[#ids + 1] = entry[1]
  end
end
if #ids > 0 then
  redis.call('XDEL', stream, unpack(ids))
  redis.call('HSET', hash, 'bytes', bytes, 'floor', floor)
end
if expires <= now then return 'known' end
if redis.call('EXISTS', KEYS[3]) == 1 then return 'known' end
if bytes > limit then return 'full' end
local id = redis.call('XADD', stream, '*', 'd', ARGV[5], 'e', ARGV[6])
redis.call('HSET', hash, 'last', id, 'bytes', bytes + #ARGV[5] + overhead)
redis.call('SET', KEYS[3], id, 'PX', 120000)
return 'added'
