#!lua
-- Starts a new generation of a job id, over the predecessor if there is one.
-- ARGV  owner conversation agent details ifActive expectedGeneration
-- ANSWERS  won owned-by-another generation-mismatch job-active

local owner, conversation, agent, details, if_active, expected = unpack(ARGV, OWN)

local old = load()
if old and old.owner ~= owner then return { 'owned-by-another' } end
local known = old and old.generation or '0'
if expected ~= '' and expected ~= known then return { 'generation-mismatch', known } end
if old and if_active == 'reject' and is_active(old) then return { 'job-active', known } end

local floor = number(redis.call('GET', floor_key), 0)
local generation = text(math.max(now, math.max(tonumber(known), floor) + 1))

local memory = {}
if old then
  if not TERMINAL[old.status] then
    finish(old, standing(old), 'aborted', 'replaced', { ending = 'replaced' })
  end
  local last, first = closed_numbers(old)
  for at = last, math.max(first, last - MEMORY_OF_PREDECESSORS + 1), -1 do
    local entry = closed_at(text(at))
    if entry then table.insert(memory, 1, entry) end
  end
  count(old.status, -1)
  redis.call('DEL', job_key, retained_key, closed_key)
  redis.call('ZREM', deadlines_key, name)
  redis.call('XTRIM', log_key, 'MINID', '=', old.generation .. '-' .. old.firstSeq)
else
  -- What something else put in the place of a job would fail the last of the writes, and leave the others.
  redis.call('DEL', job_key)
end

local job = { status = 'running', lastSeq = '0' }
local fields = changes()
set(job, fields, {
  generation = generation, execution = '1', status = 'running', owner = owner, conversation = conversation,
  details = details, createdAt = text(now), lastActiveAt = text(now), firstSeq = '1',
})
local event = { 'kind', 'created', 'owner', owner, 'conversation', conversation, 'details', details }
if agent ~= '' then
  set(job, fields, { agent = agent })
  event[#event + 1] = 'agent'
  event[#event + 1] = agent
end
if old then
  set(job, fields, {
    previous = old.generation, previousFirst = old.firstSeq, previousLast = old.lastSeq,
    previousUntil = text(now + retention),
  })
end
for at, entry in ipairs(memory) do
  local of, _, action = closed_parts(entry)
  redis.call('HSET', closed_key, text(at), entry, of .. ' ' .. action, text(at))
end
if #memory > 0 then set(job, fields, { closed = memory[#memory], closedFirst = '1', closedLast = text(#memory) }) end
count('running', 1)
commit(job, { status = 'running', counted = 'running' }, fields, { event }, true)
return won(job)
