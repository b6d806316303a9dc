#!lua flags=no-writes,allow-oom
-- The job as it stands with its retained events, and the time of the look.
-- KEYS  job retained
-- ARGV  clock
-- ANSWERS  found

local job_key, retained_key = KEYS[1], KEYS[2]
local clock = ARGV[1]
return { 'found', text(time(clock)), contents(job_key), redis.call('HGETALL', retained_key) }
