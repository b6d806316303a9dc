-- What comes before every script: how the time is asked for, how whole numbers are written, how a whole job is read, and what is done about strange values.

local function text(number) return string.format('%.0f', number) end

-- Milliseconds since the epoch. A test may let time stand still; otherwise the clock is this server's.
local function time(clock)
  if clock ~= '' then return tonumber(clock) end
  local parts = redis.call('TIME')
  return parts[1] * 1000 + math.floor(parts[2] / 1000)
end

-- What a command answers; nil where something else put a value of another type, which must not fail who sees to many. Any other refusal fails.
local function if_ours(...)
  local answer = redis.pcall(...)
  if type(answer) ~= 'table' or not answer.err then return answer end
  if not string.find(answer.err, 'WRONGTYPE') then error(answer.err) end
  return nil
end

-- Nothing, when there is none. What something else put in its place is none either.
local function contents(job_key) return if_ours('HGETALL', job_key) or {} end

