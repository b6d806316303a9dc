#!lua flags=allow-oom
-- Removes a value if it is the one that is expected.
-- KEYS  value
-- ARGV  expected
-- ANSWERS  removed other

local value_key = KEYS[1]
local expected = ARGV[1]
if redis.call('GET', value_key) ~= expected then return { 'other' } end
redis.call('DEL', value_key)
return { 'removed' }
