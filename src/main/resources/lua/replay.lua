#!lua
-- Queues a dead letter again as if it were new.
-- KEYS  due held order delivered dead letters standing
-- ARGV  clock id keep
-- ANSWERS  replayed none

local due_key, held_key, order_key, _, dead_key, letters_key = unpack(KEYS)
local clock, id, keep = unpack(ARGV)

local died, message = string.match(redis.call('HGET', letters_key, id) or '', '^%d+ (%d+) [^\n]*\n(.*)$')
if not died then return { 'none' } end
redis.call('HDEL', letters_key, id)
redis.call('ZREM', dead_key, died .. '.' .. id)
redis.call('HSET', held_key, id, '0 ' .. message)
redis.call('ZADD', due_key, text(time(clock)), id)
local last = redis.call('ZRANGE', order_key, -1, -1, 'WITHSCORES')[2] or '0'
redis.call('ZADD', order_key, text(last + 1), id)
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, keep) end
return { 'replayed' }
