#!lua flags=no-writes,allow-oom
-- The job as it stands, and the time of the look.
-- KEYS  job
-- ARGV  clock
-- ANSWERS  found

local job_key, clock = KEYS[1], ARGV[1]
return { 'found', text(time(clock)), contents(job_key) }
