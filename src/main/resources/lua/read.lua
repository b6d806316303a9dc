#!lua flags=no-writes,allow-oom
-- Events of one generation behind a position; of the generation before the current one while it has readers.
-- KEYS  job log
-- ARGV  clock generation after limit
-- ANSWERS  kept not-kept

local MOST_BYTES = 1048576
local job_key, log_key = KEYS[1], KEYS[2]
local clock, generation, after, limit = unpack(ARGV)
local owner, current, first, last, previous, previous_first, previous_last, previous_until = unpack(redis.call('HMGET',
  job_key, 'owner', 'generation', 'firstSeq', 'lastSeq', 'previous', 'previousFirst', 'previousLast', 'previousUntil'))
local function number(value) return value and string.find(value, '^%d+$') and #value < 16 and tonumber(value) end
if generation ~= current then
  if generation ~= previous or time(clock) >= (number(previous_until) or 0) then return { 'not-kept' } end
  first, last = previous_first, previous_last
end
first, last, after = number(first), number(last), tonumber(after)
if not first or not last or after < first - 1 or after > last then return { 'not-kept' } end
if after == last then return { 'kept', '', {} } end
local events = redis.call('XRANGE', log_key, generation .. '-' .. text(after + 1),
  generation .. '-' .. text(last), 'COUNT', limit)
-- A reader asks again from where this ends; what many readers ask for at once must fit into his process.
local slice, bytes = {}, 0
for at, event in ipairs(events) do
  if bytes > MOST_BYTES then break end
  for field = 2, #event[2], 2 do bytes = bytes + #event[2][field] end
  slice[at] = event
end
return { 'kept', owner, slice }
