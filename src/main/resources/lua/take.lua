#!lua flags=allow-oom
-- Messages of one endpoint that are due, longest first. For the lease nobody else gets them.
-- KEYS  due held order
-- ARGV  clock limit lease
-- ANSWERS  taken

local due_key, held_key, order_key = unpack(KEYS)
local clock, limit, lease = unpack(ARGV)

local now = time(clock)
local taken = {}
for _, id in ipairs(redis.call('ZRANGE', due_key, '-inf', text(now), 'BYSCORE', 'LIMIT', 0, limit)) do
  local message = redis.call('HGET', held_key, id)
  if message and string.find(message, '^%d+ %d+ [a-z.]+\n') then
    redis.call('ZADD', due_key, text(now + tonumber(lease)), id)
    taken[#taken + 1] = { id, message }
  else
    redis.call('HDEL', held_key, id)
    redis.call('ZREM', due_key, id)
    redis.call('ZREM', order_key, id)
  end
end
return { 'taken', taken }
