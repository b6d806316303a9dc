#!lua flags=allow-oom
-- Takes an entry out of an ordered list, or moves it, unless somebody has moved it since it was looked at.
-- KEYS  list
-- ARGV  name seenScore newScore
-- ANSWERS  forgotten kept

local list_key = KEYS[1]
local name, seen, new = unpack(ARGV)
local score = redis.call('ZSCORE', list_key, name)
if not score or tonumber(score) ~= tonumber(seen) then return { 'kept' } end
if new ~= '' then
  redis.call('ZADD', list_key, new, name)
else
  redis.call('ZREM', list_key, name)
end
return { 'forgotten' }
