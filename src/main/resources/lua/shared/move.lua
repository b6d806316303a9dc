-- What every move shares: the job as it stands, the rules of liveness, and the one place of change.
-- KEYS  job log retained deadlines outbox counts checks tide notices floor closed rules prompts
-- ARGV  clock runningTtl lease retention checkAfter confirm keptEvents news name

local job_key, log_key, retained_key, deadlines_key, outbox_key, counts_key, checks_key, tide_key, notices_key,
  floor_key, closed_key, rules_key, prompts_key = unpack(KEYS)
local clock, running_ttl, lease_span, retention, check_after, confirm, keep, news, name = unpack(ARGV)
-- Where the own arguments of a move begin.
local OWN = 10
running_ttl, lease_span, retention, check_after, keep =
  tonumber(running_ttl), tonumber(lease_span), tonumber(retention), tonumber(check_after), tonumber(keep)

-- How many closed prompts of one id are remembered, and how many of them outlive a generation.
local MEMORY, MEMORY_OF_PREDECESSORS = 64, 4

-- How many events one move lets go of at most, beyond as many as it brings.
local MOST_LET_GO = 100

local now = time(clock)

local TERMINAL = { complete = true, error = true, aborted = true }
local STATUSES = { running = true, requires_action = true, complete = true, error = true, aborted = true }
local NUMBERS = { 'generation', 'execution', 'createdAt', 'lastActiveAt', 'firstSeq', 'lastSeq' }

local function is_number(value) return value and string.find(value, '^%d+$') ~= nil and #value < 16 end

-- A count that something else may have overwritten.
local function number(value, default) return is_number(value) and tonumber(value) or default end

-- What no clock and no count reaches was written by something else, and would never fall due or count on.
local YEAR = 366 * 24 * 60 * 60 * 1000
local MOST = {
  generation = now + YEAR, createdAt = now + YEAR, lastActiveAt = now + YEAR, endedAt = now + YEAR,
  execution = 1e9, firstSeq = 1e12, lastSeq = 1e12,
}

local function is_sound(job, field)
  return is_number(job[field]) and tonumber(job[field]) <= MOST[field] and not (field == 'execution' and job[field] == '0')
end

-- What the counts still have the job as; something else may have overwritten its status since.
local counted

-- Guards the fields of a prompt against being read after something else wrote into them. Asked for again and again, made once.
local sealed, sum
local function seal(job)
  local fields = table.concat({ job.actionId, job.pausedAt, job.expiresAt or '', job.deadline, job.action }, '\n')
  if fields ~= sealed then sealed, sum = fields, redis.sha1hex(fields) end
  return sum
end

local function is_readable(job)
  return job.actionId ~= nil and job.action ~= nil and is_number(job.pausedAt) and is_number(job.deadline)
    and job.seal == seal(job)
end

-- Fields that can't be what this service wrote make a job that waits for nothing readable: it can only be ended.
local function mend(job)
  local broken = not STATUSES[job.status]
  for _, field in ipairs(NUMBERS) do
    if not is_sound(job, field) then
      broken = true
      job[field] = (field == 'execution' or field == 'firstSeq') and '1' or '0'
    end
  end
  counted = STATUSES[job.status] and job.status
  if TERMINAL[job.status] and not is_sound(job, 'endedAt') then job.endedAt = job.lastActiveAt end
  if job.status == 'running' and (job.hold or job.resolved) then
    broken = broken or not job.resolved or job.hold ~= 'open' and not (job.hold == 'claimed' and job.worker and is_number(job.leaseExpiresAt))
  end
  if broken then
    local last = (if_ours('XREVRANGE', log_key, '+', '-', 'COUNT', 1) or {})[1]
    if last then
      local generation, seq = string.match(last[1], '^(%d+)-(%d+)$')
      if job.generation == '0' then job.generation = generation end
      if generation == job.generation then job.lastSeq = seq end
    end
    if not TERMINAL[job.status] then
      job.status = 'requires_action'
      job.seal = nil
    end
  end
  return job
end

local function load()
  local flat = contents(job_key)
  if #flat == 0 then return nil end
  local job = {}
  for at = 1, #flat, 2 do job[flat[at]] = flat[at + 1] end
  return mend(job)
end

local function flattened(job)
  local flat = {}
  for field, value in pairs(job) do
    flat[#flat + 1] = field
    flat[#flat + 1] = value
  end
  return flat
end

-- Whoever repeats what may not be safe yet must wait for it again: this write makes his connection wait.
local function confirmed(answer)
  if confirm == '1' then redis.call('HINCRBY', tide_key, 'confirmed', 1) end
  return answer
end

local function won(job)
  local answer = flattened(job)
  table.insert(answer, 1, 'won')
  table.insert(answer, 2, text(now))
  return answer
end

local function is_live(job) return is_readable(job) and now < tonumber(job.deadline) end

local function is_active(job)
  return job.status == 'running' or job.status == 'requires_action' and is_live(job)
end

local function is_open(job)
  return job.hold ~= nil and not (job.hold == 'claimed' and now < tonumber(job.leaseExpiresAt))
end

local function due_at(job)
  if job.status == 'running' then
    local silent = job.lastActiveAt + running_ttl
    if job.hold == 'claimed' then return math.min(silent, tonumber(job.leaseExpiresAt)) end
    return silent
  end
  if job.status == 'requires_action' then
    return tonumber(is_readable(job) and job.deadline or job.lastActiveAt)
  end
  return job.endedAt + retention
end

-- Is this the worker in force? Answers the refusal, or nil.
local function refused_by_fence(job, generation, execution)
  if generation ~= job.generation then return { 'generation-replaced', job.generation } end
  if execution ~= job.execution then return { 'execution-replaced', job.execution } end
  if job.status == 'running' and is_open(job) then return { 'not-claimed' } end
  return nil
end

-- Rules that are older than those in force carry no move. Newer ones are in force from here on, whoever brings them first: answers
-- the refusal, or nil. To be asked last, because it may write.
local function refused_by_rules(judged_by)
  if judged_by == '' then return nil end
  local tenant = string.match(name, '^[^:]*')
  local in_force = number(redis.call('HGET', rules_key, tenant), 0)
  if tonumber(judged_by) < in_force then return { 'rules-changed', text(in_force) } end
  if tonumber(judged_by) > in_force then redis.call('HSET', rules_key, tenant, judged_by) end
  return nil
end

-- A closed prompt is kept as '<generation> <outcome> <action id>' and, on the next line, the resolution if there is one.
local function closed_parts(entry) return string.match(entry, '^(%d+) (%a+) ([^\n]*)\n') end

-- All that are remembered lie beside the job, so that no move drags them along: each under its number, and its number under
-- '<generation> <action id>'. Only the newest is a field of the job, too.
local function closed_at(number) return redis.call('HGET', closed_key, number) end

local function closed_numbers(job)
  local last = number(job.closedLast, 0)
  return last, math.max(number(job.closedFirst, 1), last - MEMORY + 1)
end

local function closed_of(generation, action)
  local at = redis.call('HGET', closed_key, generation .. ' ' .. action)
  local entry = at and closed_at(at)
  if not entry then return nil end
  local of, outcome, id = closed_parts(entry)
  if id == action and of == generation then return outcome, of, entry end
  return nil
end

local function closed(job, action)
  local outcome, of, entry = closed_of(job.generation, action)
  if outcome then return outcome, of, entry end
  local last, first = closed_numbers(job)
  for at = last, first, -1 do
    entry = closed_at(text(at))
    if entry then
      local id
      of, outcome, id = closed_parts(entry)
      if id == action then return outcome, of, entry end
    end
  end
  return nil
end

local function decided_before(job, entry)
  return confirmed({ 'already-decided', job.generation, job.owner or '', entry })
end

local function closed_to(job, outcome, entry)
  if outcome == 'decided' then return decided_before(job, entry) end
  return confirmed({ 'action-closed', outcome })
end

local function set(job, fields, changes)
  for field, value in pairs(changes) do
    job[field] = value
    fields.set[#fields.set + 1] = field
    fields.set[#fields.set + 1] = value
  end
end

local function unset(job, fields, ...)
  for _, field in ipairs({ ... }) do
    if job[field] ~= nil then
      job[field] = nil
      fields.gone[#fields.gone + 1] = field
    end
  end
end

local function remember(job, fields, generation, outcome, action, resolution)
  local last, first = closed_numbers(job)
  last = last + 1
  set(job, fields, {
    closed = generation .. ' ' .. outcome .. ' ' .. action .. '\n' .. (resolution or ''),
    closedLast = text(last), closedFirst = text(math.max(first, last - MEMORY + 1)),
  })
  fields.remembered = { number = last, under = generation .. ' ' .. action }
end

-- Only hints for latecomers: whatever else lies there must not keep a move from its end.
local function write_memory(job, remembered)
  redis.pcall('HSET', closed_key, text(remembered.number), job.closed, remembered.under, text(remembered.number))
  local forgotten = text(remembered.number - MEMORY)
  local entry = redis.pcall('HGET', closed_key, forgotten)
  if type(entry) ~= 'string' then return end
  local generation, _, action = closed_parts(entry)
  redis.pcall('HDEL', closed_key, forgotten, (generation or '') .. ' ' .. (action or ''))
end

-- A set of changed fields, to be filled by set, unset and remember, and written by commit.
local function changes() return { set = {}, gone = {} } end

local function forget_prompt(job, fields)
  unset(job, fields, 'actionId', 'action', 'pausedAt', 'expiresAt', 'deadline', 'seal')
end

local function forget_continuation(job, fields)
  unset(job, fields, 'resolved', 'hold', 'worker', 'leaseExpiresAt')
end

-- A sign of life renews the lease, if there is one.
local function keep_alive(job, fields)
  set(job, fields, { lastActiveAt = text(now) })
  if job.status == 'running' and job.hold == 'claimed' then
    set(job, fields, { leaseExpiresAt = text(now + lease_span) })
  end
end

-- A count that can't be counted on any more must not stop a move halfway.
local function count(status, by) redis.pcall('HINCRBY', counts_key, status, by) end

-- Where all prompts are counted, whoever asked for them; only told to operators, so it must not stop a move halfway either.
local function count_prompt(job, before)
  if job.status == before.status then return end
  if job.status == 'requires_action' then redis.pcall('ZADD', prompts_key, job.pausedAt, name) end
  if before.status == 'requires_action' then redis.pcall('ZREM', prompts_key, name) end
end

-- Tells every replica: [tide, name, generation, first seq, at, job fields or none, events...].
local function tell(job, first, events, life)
  local tide = redis.call('HINCRBY', tide_key, 'told', 1)
  local notice = {
    text(tide), name, job.generation, text(first), text(now), life and flattened(job) or {},
  }
  for _, event in ipairs(events) do notice[#notice + 1] = event end
  redis.call('SPUBLISH', notices_key, cjson.encode(notice))
end

local function write_event(job, event)
  local seq = text(job.lastSeq + 1)
  local reply = redis.pcall('XADD', log_key, job.generation .. '-' .. seq, 'at', text(now), unpack(event))
  if not reply.err then job.lastSeq = seq end
  return reply.err
end

-- The log is the truth: a job that disagrees with it about where it ends goes on where it really ends.
local function find_end_of_log(job)
  local log = redis.call('XINFO', 'STREAM', log_key)
  for at = 1, #log, 2 do
    if log[at] == 'last-generated-id' then
      job.generation, job.lastSeq = string.match(log[at + 1], '^(%d+)-(%d+)$')
    end
  end
end

-- The bytes of an event that count; its instant, which comes first in an entry, does not.
local function weight(event, from)
  local bytes = 0
  for field = from, #event, 2 do bytes = bytes + #event[field] end
  return bytes
end

-- Lets go of the oldest events beyond those to be kept. Looks for what is there: numbers may be anything.
local function let_go(job, fields, more)
  local first = job.lastSeq - keep + 1
  if keep == 0 or first <= tonumber(job.firstSeq) then return 0 end
  local bytes, most = 0, MOST_LET_GO + more
  local gone = redis.call('XRANGE', log_key, job.generation .. '-' .. job.firstSeq,
    job.generation .. '-' .. text(first - 1), 'COUNT', most)
  for _, entry in ipairs(gone) do
    bytes = bytes + weight(entry[2], 4)
    redis.call('XDEL', log_key, entry[1])
  end
  -- A log that held far more begins where this ends, and the next moves go on from there.
  if #gone == most then first = tonumber(string.match(gone[most][1], '-(%d+)$')) + 1 end
  set(job, fields, { firstSeq = text(first) })
  return bytes
end

-- Owes the archive word of a prompt that waits no longer.
local function owe_closed(job, before, remembered)
  local outcome = remembered and select(2, closed_parts(job.closed)) or ''
  local entry = {
    'kind', 'closed', 'name', name, 'generation', job.generation, 'seq', job.lastSeq, 'at', text(now),
    'owner', job.owner or '', 'conversation', job.conversation or '', 'agent', job.agent or '', 'outcome', outcome,
  }
  if outcome == 'decided' then
    table.insert(entry, 'resolution')
    table.insert(entry, job.closed)
  else
    for field, value in pairs(before.prompt or {}) do
      table.insert(entry, field)
      table.insert(entry, value)
    end
  end
  redis.call('XADD', outbox_key, '*', unpack(entry))
end

-- Owes the archive the calls that a worker is told about by this move.
local function owe_judged(job, calls)
  if calls == '' then return end
  redis.call('XADD', outbox_key, '*', 'kind', 'judged', 'name', name, 'generation', job.generation, 'at', text(now),
    'owner', job.owner or '', 'conversation', job.conversation or '', 'calls', calls)
end

-- What ends a job or a prompt is owed anyway.
local NEWS = { created = true, paused = true, claimed = true }

-- Owes word of what ends nothing, where somebody is to be told.
local function owe_news(job, events)
  if news ~= '1' then return end
  for at, event in ipairs(events) do
    local kind = event[2]
    if NEWS[kind] then
      local entry = {
        'kind', 'news', 'event', kind, 'name', name, 'generation', job.generation,
        'seq', text(job.lastSeq - #events + at), 'at', text(now), 'owner', job.owner or '',
        'conversation', job.conversation or '',
      }
      for field = 3, #event do entry[#entry + 1] = event[field] end
      if job.agent then
        entry[#entry + 1] = 'agent'
        entry[#entry + 1] = job.agent
      end
      redis.call('XADD', outbox_key, '*', unpack(entry))
    end
  end
end

-- Writes everything that one move changes: log, job, counts, index, outbox; then wakes whoever listens.
-- before: how the job stood. events: lists of names and values, in order; life: whether they change the job's life.
local function commit(job, before, fields, events, life)
  local bytes = 0
  for at, event in ipairs(events) do
    if write_event(job, event) and at == 1 then
      find_end_of_log(job)
      write_event(job, event)
    end
    bytes = bytes + weight(event, 2)
  end
  if #events > 0 then
    bytes = math.max(0, number(job.logBytes, 0) + bytes - let_go(job, fields, #events))
    set(job, fields, { generation = job.generation, lastSeq = job.lastSeq, logBytes = text(bytes) })
  end
  if job.status ~= before.counted then
    if before.counted then count(before.counted, -1) end
    count(job.status, 1)
  end
  count_prompt(job, before)
  if before.status == 'requires_action' and job.status ~= 'requires_action' then
    owe_closed(job, before, fields.remembered)
  end
  if TERMINAL[job.status] and not TERMINAL[before.status] then
    unset(job, fields, 'owed')
    set(job, fields, { owed = redis.call('XADD', outbox_key, '*', 'name', name, unpack(flattened(job))) })
  end
  owe_news(job, events)
  if #fields.set > 0 then redis.call('HSET', job_key, unpack(fields.set)) end
  if #fields.gone > 0 then redis.call('HDEL', job_key, unpack(fields.gone)) end
  if fields.remembered then write_memory(job, fields.remembered) end
  -- What only puts off the next look is left for that look to find, unless the clock was set back. Of an ended job nothing
  -- but the end of its time is left to look for.
  if TERMINAL[job.status] then
    redis.call('ZADD', deadlines_key, text(due_at(job)), name)
  elseif life or tonumber(job.lastActiveAt) < before.active then
    redis.call('ZADD', deadlines_key, 'LT', text(due_at(job)), name)
  end
  if life then
    redis.call('ZADD', checks_key, text(now + check_after), name)
  end
  if #events > 0 or life then tell(job, job.lastSeq - #events + 1, events, life) end
end

local function standing(job)
  local before = { status = job.status, counted = counted, active = tonumber(job.lastActiveAt) }
  if job.status == 'requires_action' and is_readable(job) then
    before.prompt = {
      actionId = job.actionId, action = job.action, pausedAt = job.pausedAt, expiresAt = job.expiresAt, deadline = job.deadline,
    }
  end
  return before
end

-- Ends the job: a prompt that waits is closed with the outcome, and what only a live job has is gone.
local function finish(job, before, status, outcome, ending)
  local fields = changes()
  if job.status == 'requires_action' and is_readable(job) then
    remember(job, fields, job.generation, outcome, job.actionId)
  end
  forget_prompt(job, fields)
  forget_continuation(job, fields)
  local event = { 'kind', 'ended' }
  for field, value in pairs(ending) do
    event[#event + 1] = field
    event[#event + 1] = value
  end
  set(job, fields, ending)
  set(job, fields, { status = status, endedAt = text(now) })
  -- What could not be read is written soundly now, or the next reader would stumble over it again.
  for _, field in ipairs(NUMBERS) do set(job, fields, { [field] = job[field] }) end
  commit(job, before, fields, { event }, true)
  return won(job)
end

-- Ends the job because nobody decided.
local function expired(job)
  local ending = { ending = 'expired' }
  if job.status == 'requires_action' and is_readable(job) then ending.endedAction = job.actionId end
  return finish(job, standing(job), 'aborted', 'expired', ending)
end
