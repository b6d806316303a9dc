#!lua flags=no-writes,allow-oom
-- The entries of an ordered list whose time has come, with their scores.
-- KEYS  list
-- ARGV  clock limit
-- ANSWERS  early

local list_key = KEYS[1]
local clock, limit = unpack(ARGV)
local now = text(time(clock))
return { 'early', now, redis.call('ZRANGE', list_key, '-inf', now, 'BYSCORE', 'LIMIT', 0, limit, 'WITHSCORES') }
