#!lua flags=allow-oom
-- Puts a value in the place of the one that is expected; nothing stands for none.
-- KEYS  value
-- ARGV  expected new ttl
-- ANSWERS  replaced other

local value_key = KEYS[1]
local expected, new, ttl = unpack(ARGV)
if (redis.call('GET', value_key) or '') ~= expected then return { 'other' } end
redis.call('SET', value_key, new, 'PX', ttl)
return { 'replaced' }
