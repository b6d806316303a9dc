#!lua flags=allow-oom
-- Queues messages for one endpoint, due at once. What is queued, dead or was lately delivered is left as it is. Beyond the most that
-- may wait the oldest die. A message is kept as '<failed attempts> <at> <type>\n<body>', a dead letter as '<attempts> <died at> <why>\n'
-- and then the message without its attempts.
-- KEYS  due held order delivered dead letters standing
-- ARGV  clock mostWaiting mostDead keep idAndMessage...
-- ANSWERS  queued

local due_key, held_key, order_key, delivered_key, dead_key, letters_key = unpack(KEYS)
local clock, most_waiting, most_dead, keep = unpack(ARGV)

local now = time(clock)

local function die(id)
  local attempts, message = string.match(redis.call('HGET', held_key, id) or '', '^(%d+) (.*)$')
  redis.call('HDEL', held_key, id)
  redis.call('ZREM', due_key, id)
  redis.call('ZREM', order_key, id)
  if not attempts then return end
  redis.call('HSET', letters_key, id, attempts .. ' ' .. text(now) .. ' queue-full\n' .. message)
  redis.call('ZADD', dead_key, 0, text(now) .. '.' .. id)
  if redis.call('ZCARD', dead_key) <= tonumber(most_dead) then return end
  local oldest = redis.call('ZPOPMIN', dead_key)[1]
  redis.call('HDEL', letters_key, string.match(oldest, '^%d+%.(.*)$'))
end

for at = 5, #ARGV, 2 do
  local id = ARGV[at]
  if redis.call('HEXISTS', held_key, id) == 0 and redis.call('HEXISTS', letters_key, id) == 0
    and not redis.call('ZSCORE', delivered_key, id) then
    redis.call('HSET', held_key, id, '0 ' .. ARGV[at + 1])
    redis.call('ZADD', due_key, text(now), id)
    local last = redis.call('ZRANGE', order_key, -1, -1, 'WITHSCORES')[2] or '0'
    redis.call('ZADD', order_key, text(last + 1), id)
  end
end
while redis.call('ZCARD', order_key) > tonumber(most_waiting) do die(redis.call('ZRANGE', order_key, 0, 0)[1]) end
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, keep) end
return { 'queued' }
