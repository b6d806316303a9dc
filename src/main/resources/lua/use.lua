#!lua
-- Counts calls that grants of a user let through.
-- KEYS  uses
-- ARGV  clock grantAndCalls...
-- ANSWERS  used

local uses_key = KEYS[1]
local now = text(time(ARGV[1]))
for at = 2, #ARGV, 2 do
  redis.call('HINCRBY', uses_key, ARGV[at], ARGV[at + 1])
  redis.call('HSET', uses_key, ARGV[at] .. ' at', now)
end
return { 'used' }
