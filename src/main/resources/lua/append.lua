#!lua
-- Appends a worker's events, all or none.
-- ARGV  generation execution expectedSeq eventsPerJob bytesPerJob retainedNames events...
-- ANSWERS  won no-such-job generation-replaced execution-replaced not-claimed already-settled sequence-mismatch log-full

local generation, execution, expected, most_events, most_bytes, most_names = unpack(ARGV, OWN, OWN + 5)
local FIRST = OWN + 6 -- then name, data and 'retained' or '' of each event
most_events, most_bytes, most_names = tonumber(most_events), tonumber(most_bytes), tonumber(most_names)

local job = load()
if not job then return { 'no-such-job' } end
local refused = refused_by_fence(job, generation, execution)
if refused then return refused end
if TERMINAL[job.status] then return { 'already-settled', job.status } end
if expected ~= '' and expected ~= job.lastSeq then
  return { 'sequence-mismatch', job.generation, job.lastSeq }
end

local events, bytes, retained, new_names = {}, 0, {}, 0
for at = FIRST, #ARGV, 3 do
  local event_name, data, kept = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  bytes = bytes + #event_name + #data
  local event = { 'kind', 'reported', 'name', event_name, 'data', data }
  if kept ~= '' then
    event[#event + 1] = 'retained'
    event[#event + 1] = '1'
    if retained[event_name] == nil and redis.call('HEXISTS', retained_key, event_name) == 0 then
      new_names = new_names + 1
    end
    retained[event_name] = data
  end
  events[#events + 1] = event
end
local held = job.lastSeq - job.firstSeq + 1
if keep == 0 and held + #events > most_events then return { 'log-full' } end
if number(job.logBytes, 0) + bytes > most_bytes then return { 'log-full' } end
if new_names > 0 and redis.call('HLEN', retained_key) + new_names > most_names then return { 'log-full' } end

local before, fields = standing(job), changes()
for event_name, data in pairs(retained) do redis.call('HSET', retained_key, event_name, data) end
keep_alive(job, fields)
commit(job, before, fields, events, false)
return won(job)
