#!lua flags=no-writes,allow-oom
-- How many entries an outbox has, and the id of the oldest.
-- KEYS  outbox
-- ARGV  clock
-- ANSWERS  backlog

local outbox_key = KEYS[1]
local first = redis.call('XRANGE', outbox_key, '-', '+', 'COUNT', 1)[1]
return { 'backlog', text(redis.call('XLEN', outbox_key)), first and first[1] or '' }
