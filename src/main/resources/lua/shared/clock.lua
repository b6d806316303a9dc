-- What comes before every script: how the time is asked for, and how whole numbers are written.

local function text(number) return string.format('%.0f', number) end

-- Milliseconds since the epoch. A test may let time stand still; otherwise the clock is this server's.
local function time(clock)
  if clock ~= '' then return tonumber(clock) end
  local parts = redis.call('TIME')
  return parts[1] * 1000 + math.floor(parts[2] / 1000)
end

