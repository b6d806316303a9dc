#!lua flags=allow-oom
-- Writes down what came of an attempt: 'delivered', 'again' or 'dead'. Delivered is delivered, whoever's attempt it was, and is no dead letter any
-- more; for the rest an attempt that somebody else has settled since changes nothing.
-- KEYS  due held order delivered dead letters standing
-- ARGV  clock id attempt outcome in why remembered mostRemembered mostDead keep
-- ANSWERS  settled stale

local due_key, held_key, order_key, delivered_key, dead_key, letters_key, standing_key = unpack(KEYS)
local clock, id, attempt, outcome, pause, why, remembered, most_remembered, most_dead, keep = unpack(ARGV)

local now = time(clock)
local held = redis.call('HGET', held_key, id)
local tried, message = string.match(held or '', '^(%d+) (.*)$')
local letter = not tried and outcome == 'delivered' and redis.call('HGET', letters_key, id)
if letter then
  redis.call('HDEL', letters_key, id)
  redis.call('ZREM', dead_key, (string.match(letter, '^%d+ (%d+) ') or '') .. '.' .. id)
elseif not tried or outcome ~= 'delivered' and tried ~= attempt then
  return { 'stale' }
end

if outcome == 'again' then
  redis.call('HSET', held_key, id, text(tried + 1) .. ' ' .. message)
  redis.call('ZADD', due_key, text(now + tonumber(pause)), id)
else
  redis.call('HDEL', held_key, id)
  redis.call('ZREM', due_key, id)
  redis.call('ZREM', order_key, id)
end
if outcome == 'delivered' then
  redis.call('ZADD', delivered_key, text(now), id)
  redis.call('ZREMRANGEBYSCORE', delivered_key, '-inf', text(now - tonumber(remembered)))
  redis.call('ZREMRANGEBYRANK', delivered_key, 0, -1 - tonumber(most_remembered))
  redis.call('HSET', standing_key, 'delivered', text(now))
else
  redis.call('HSET', standing_key, 'failed', text(now), 'why', why)
end
if outcome == 'dead' then
  redis.call('HSET', letters_key, id, text(tried + 1) .. ' ' .. text(now) .. ' ' .. why .. '\n' .. message)
  redis.call('ZADD', dead_key, 0, text(now) .. '.' .. id)
  if redis.call('ZCARD', dead_key) > tonumber(most_dead) then
    local oldest = redis.call('ZPOPMIN', dead_key)[1]
    redis.call('HDEL', letters_key, string.match(oldest, '^%d+%.(.*)$'))
  end
end
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, keep) end
return { 'settled' }
