#!lua flags=no-writes,allow-oom
-- A user's grants and how often they were used, with the time of the look.
-- KEYS  grants uses
-- ARGV  clock
-- ANSWERS  grants

local clock = ARGV[1]
if clock == '' then
  local time = redis.call('TIME')
  clock = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
end
return { 'grants', clock, redis.call('HGETALL', KEYS[1]), redis.call('HGETALL', KEYS[2]) }
