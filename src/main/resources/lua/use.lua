#!lua
-- Counts calls that grants of a user let through; not those of a grant that is gone, whose count nobody would ever take away.
-- KEYS  grants uses
-- ARGV  clock grantAndCalls...
-- ANSWERS  used

local grants_key, uses_key = unpack(KEYS)
local now = text(time(ARGV[1]))
local held = {}
for _, grant in ipairs(redis.call('HVALS', grants_key)) do
  local id = string.match(grant, '^%d+ %d+ ([^\n]*)\n')
  if id then held[id] = true end
end
for at = 2, #ARGV, 2 do
  if held[ARGV[at]] then
    redis.call('HINCRBY', uses_key, ARGV[at], ARGV[at + 1])
    redis.call('HSET', uses_key, ARGV[at] .. ' at', now)
  end
end
return { 'used' }
