#!lua flags=allow-oom
-- Puts jobs where they belong in the lists of their space, or takes them out where no score is given, or leaves them alone where that is '-'; and tells
-- every replica of what is open to claims, once it stands in the lists, or whoever that wakes would not find it. A waiter who misses it looks again by himself.
-- KEYS  notices waiting paused open openOfAgent
-- ARGV  nameDeadlinePausedAtOpenSince...
-- ANSWERS  placed

local notices_key, waiting_key, paused_key, open_key, open_of_agent_key = unpack(KEYS)

-- Only hints: a list that something else wrote over must not keep a job out of the others.
local function place(list, name, score)
  if score == '' then if_ours('ZREM', list, name)
  elseif score ~= '-' then if_ours('ZADD', list, score, name) end
end
for at = 1, #ARGV, 4 do
  local name, deadline, paused_at, open_since = unpack(ARGV, at, at + 3)
  place(waiting_key, name, deadline)
  place(paused_key, name, paused_at)
  place(open_key, name, open_since)
  if open_of_agent_key ~= open_key then place(open_of_agent_key, name, open_since) end
  if open_since ~= '' and open_since ~= '-' then redis.call('SPUBLISH', notices_key, cjson.encode({ 'opened', name })) end
end
return { 'placed' }
