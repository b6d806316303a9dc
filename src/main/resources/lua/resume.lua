#!lua flags=no-writes,allow-oom
-- The job as it stands with its retained events, and the time of the look.
-- KEYS  job retained
-- ARGV  clock
-- ANSWERS  found

local job_key, retained_key = KEYS[1], KEYS[2]
local clock = ARGV[1]
if clock == '' then
  local time = redis.call('TIME')
  clock = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
end
return { 'found', clock, redis.call('HGETALL', job_key), redis.call('HGETALL', retained_key) }
