#!lua
-- Pauses a running job on a prompt. The same prompt from the same fence is the same pause.
-- ARGV  generation execution action prompt expiresAt expiresIn backstop rules calls
-- ANSWERS  won no-such-job generation-replaced execution-replaced not-claimed already-paused not-running
--          action-id-reused deadline-passed rules-changed

local generation, execution, action, prompt, expires_at, expires_in, backstop, rules, calls = unpack(ARGV, OWN)

local job = load()
if not job then return { 'no-such-job' } end
local refused = refused_by_fence(job, generation, execution)
if refused then return refused end
if job.status == 'requires_action' then
  local current = is_readable(job) and job.actionId or ''
  if current == action then return refused_by_rules(rules) or confirmed(won(job)) end
  return { 'already-paused', current }
end
if job.status ~= 'running' then return { 'not-running', job.status } end
if closed_of(job.generation, action) then return { 'action-id-reused', action } end

local deadline = now + tonumber(backstop)
local said = nil
if expires_at ~= '' then said = expires_at end
if expires_in ~= '' then said = text(now + tonumber(expires_in)) end
if said then deadline = tonumber(said) end
if now >= deadline then return { 'deadline-passed' } end
refused = refused_by_rules(rules)
if refused then return refused end

local before, fields = standing(job), changes()
forget_continuation(job, fields)
set(job, fields, {
  status = 'requires_action', lastActiveAt = text(now), actionId = action, action = prompt, pausedAt = text(now),
  deadline = text(deadline),
})
local event = { 'kind', 'paused', 'actionId', action, 'action', prompt, 'pausedAt', text(now), 'deadline', text(deadline) }
if said then
  set(job, fields, { expiresAt = said })
  event[#event + 1] = 'expiresAt'
  event[#event + 1] = said
end
set(job, fields, { seal = seal(job) })
commit(job, before, fields, { event }, true)
owe_judged(job, calls)
return won(job)
