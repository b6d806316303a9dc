#!lua flags=allow-oom
-- Puts a value in the place of the one that is expected; nothing stands for none. Tells what is there instead.
-- KEYS  value
-- ARGV  expected new ttl
-- ANSWERS  replaced other

local value_key = KEYS[1]
local expected, new, ttl = unpack(ARGV)
local present = redis.call('GET', value_key)
if (present or '') ~= expected then return { 'other', present } end
redis.call('SET', value_key, new, 'PX', ttl)
return { 'replaced' }
