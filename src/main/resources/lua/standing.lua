#!lua flags=no-writes,allow-oom
-- How much waits for one endpoint, how much is dead, and what came of the last attempts.
-- KEYS  order dead standing
-- ARGV  clock
-- ANSWERS  standing

local order_key, dead_key, standing_key = unpack(KEYS)
local fields = redis.call('HMGET', standing_key, 'delivered', 'failed', 'why')
return {
  'standing', text(redis.call('ZCARD', order_key)), text(redis.call('ZCARD', dead_key)), fields[1] or '', fields[2] or '',
  fields[3] or '',
}
