if redis.replicate_commands then redis.replicate_commands() end
local stream, hash = KEYS[1], KEYS[2]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function after(one, other)
  local a, b = string.match(one, '^(%d+)-(%d+)$')
  local c, d = string.match(other, '^(%d+)-(%d+)$')
  if not a or not c then return false end
  if a == c then return tonumber(b) > tonumber(d) end
  return tonumber(a) > tonumber(c)
end
local run = ''
if ARGV[1] == '1' then
  local info = redis.pcall('INFO', 'server')
  if type(info) == 'string' then run = string.match(info, 'run_id:(%x+)') or '' end
end
local feed = redis.call('HMGET', hash, 'epoch', 'run', 'floor', 'last', 'bytes')
local epoch, floor, last, bytes = feed[1], tonumber(feed[3] or '0'), feed[4], tonumber(feed[5] or '0')
local exists = redis.call('EXISTS', stream) == 1
if not epoch or not last or not exists or (run ~= '' and feed[2] ~= run) or (ARGV[3] == epoch and after(ARGV[4], last)) then
  epoch, floor = ARGV[2], now
  if not exists then bytes = 0 elseif not feed[5] then bytes = redis.call('XLEN', stream) * 300 end
  last = redis.call('XADD', stream, '*', 'd', '', 'e', '0')
  redis.call('HSET', hash, 'epoch', epoch, 'run', run, 'floor', floor, 'last', last, 'bytes', bytes)
end
