#!lua flags=no-writes,allow-oom
-- A user's grants and how often they were used, with the time of the look.
-- KEYS  grants uses
-- ARGV  clock
-- ANSWERS  grants

local grants_key, uses_key = unpack(KEYS)
local clock = ARGV[1]
return { 'grants', text(time(clock)), redis.call('HGETALL', grants_key), redis.call('HGETALL', uses_key) }
