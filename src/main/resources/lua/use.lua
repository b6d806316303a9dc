#!lua
-- Counts calls that grants of a user let through.
-- KEYS  uses
-- ARGV  clock grantAndCalls...
-- ANSWERS  used

local uses_key = KEYS[1]
local clock = ARGV[1]
if clock == '' then
  local time = redis.call('TIME')
  clock = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
end
for at = 2, #ARGV, 2 do
  redis.call('HINCRBY', uses_key, ARGV[at], ARGV[at + 1])
  redis.call('HSET', uses_key, ARGV[at] .. ' at', clock)
end
return { 'used' }
