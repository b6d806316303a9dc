#!lua flags=no-writes,allow-oom
-- The entries of an ordered list whose time has come, with their scores.
-- KEYS  list
-- ARGV  clock limit
-- ANSWERS  early

local list_key = KEYS[1]
local clock, limit = unpack(ARGV)
if clock == '' then
  local time = redis.call('TIME')
  clock = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
end
return { 'early', clock, redis.call('ZRANGE', list_key, '-inf', clock, 'BYSCORE', 'LIMIT', 0, limit, 'WITHSCORES') }
