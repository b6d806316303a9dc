#!lua flags=no-writes,allow-oom
-- The job as it stands with the closed prompts that are remembered, oldest first, and the time of the look.
-- KEYS  job closed
-- ARGV  clock
-- ANSWERS  found

local job_key, closed_key = KEYS[1], KEYS[2]
local clock = ARGV[1]
local numbered = {}
local flat = redis.call('HGETALL', closed_key)
for at = 1, #flat, 2 do
  local number = string.match(flat[at], '^%d+$')
  if number then numbered[#numbered + 1] = { tonumber(number), flat[at + 1] } end
end
table.sort(numbered, function(one, other) return one[1] < other[1] end)
local entries = {}
for at, one in ipairs(numbered) do entries[at] = one[2] end
return { 'found', text(time(clock)), contents(job_key), entries }
