#!lua flags=allow-oom
-- Forgets one outbox entry, so that the job it told of may be reclaimed.
-- KEYS  job outbox
-- ARGV  receipt
-- ANSWERS  paid

local job_key, outbox_key = KEYS[1], KEYS[2]
local receipt = ARGV[1]
redis.call('XDEL', outbox_key, receipt)
if if_ours('HGET', job_key, 'owed') == receipt then redis.call('HDEL', job_key, 'owed') end
return { 'paid' }
