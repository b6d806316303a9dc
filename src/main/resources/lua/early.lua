#!lua flags=no-writes,allow-oom
-- The entries of an ordered list whose time has come, with their scores; and the score of the first whose time is to come.
-- KEYS  list
-- ARGV  clock limit
-- ANSWERS  early

local list_key = KEYS[1]
local clock, limit = unpack(ARGV)
local now = text(time(clock))
local early = redis.call('ZRANGE', list_key, '-inf', now, 'BYSCORE', 'LIMIT', 0, limit, 'WITHSCORES')
local next = redis.call('ZRANGE', list_key, '(' .. now, '+inf', 'BYSCORE', 'LIMIT', 0, 1, 'WITHSCORES')
return { 'early', now, early, next[2] or '' }
