-- What comes before every script: how the time is asked for, how whole numbers are written, and how a whole job is read.

local function text(number) return string.format('%.0f', number) end

-- Milliseconds since the epoch. A test may let time stand still; otherwise the clock is this server's.
local function time(clock)
  if clock ~= '' then return tonumber(clock) end
  local parts = redis.call('TIME')
  return parts[1] * 1000 + math.floor(parts[2] / 1000)
end

-- Nothing, when there is none. What something else put in its place is none either, and must not fail who looks at many.
local function contents(job_key)
  local flat = redis.pcall('HGETALL', job_key)
  if not flat.err then return flat end
  if not string.find(flat.err, 'WRONGTYPE') then error(flat.err) end
  return {}
end

