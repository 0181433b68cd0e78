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
return table.concat(lines, '\n')
