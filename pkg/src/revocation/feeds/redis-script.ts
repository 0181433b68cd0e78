/** The Lua scripts of the Redis feed. A script runs as a whole, so no gate sees half an append or half a new epoch. */

/**
 * Reads the feed's hash and begins a new epoch if revocations may be missing: at the first use, when the stream or the hash
 * is gone, after a restart or failover of the server (its `run_id` differs), and for a cursor ahead of the stream.
 *
 * KEYS: the stream, the hash. ARGV: "1" to compare `run_id`, a new epoch, the epoch and the id of the cursor.
 * Hash: `epoch`, `run`, `floor` (ms), `last` (id), `bytes`.
 */
const OPEN = `
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
`;

/** Returns "known", "added" or "full". KEYS[3]: the batch's id. ARGV[5…]: data in base64, expiry (ms), "1" if it must not be dropped, the limit in bytes. */
export const APPEND = `${OPEN}
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
`;

/** Returns lines: epoch, floor, id of the cursor, "1" if there is more, then the data of each batch in base64. */
export const SINCE = `${OPEN}
local from = ARGV[4]
if ARGV[3] ~= epoch or not string.match(from, '^%d+-%d+$') then from = '0-0' end
local lines, more, size = { epoch, string.format('%.0f', floor), last, '' }, '', 0
local page = redis.call('XREAD', 'COUNT', 4096, 'STREAMS', stream, from)
local entries = page and page[1] and page[1][2] or {}
for number, entry in ipairs(entries) do
  if size > 1048576 then more = '1' break end
  from = entry[1]
  if number == 4096 then more = '1' end
  if tonumber(entry[2][4]) > now then
    lines[#lines + 1] = entry[2][2]
    size = size + #entry[2][2]
  end
end
if more == '1' then lines[3], lines[4] = from, '1' end
return table.concat(lines, '\\n')
`;

/** Sets the floor to 0. */
export const COMPLETE = `${OPEN}
redis.call('HSET', hash, 'floor', 0)
return 'complete'
`;
