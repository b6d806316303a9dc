#!lua flags=no-writes,allow-oom
-- How many jobs of a bucket wait for a decision, and when the one was paused that waits for longest.
-- KEYS  prompts
-- ARGV  clock
-- ANSWERS  waiting

local prompts_key = KEYS[1]
local first = redis.call('ZRANGE', prompts_key, 0, 0, 'WITHSCORES')
return { 'waiting', text(redis.call('ZCARD', prompts_key)), first[2] or '' }
