#!lua flags=allow-oom
-- Hands the continuation of a resolved action to one worker, under a lease and a higher execution.
-- ARGV  action worker fresh
-- ANSWERS  won no-such-job still-undecided prompt-dead no-such-action action-closed already-claimed

local action, worker, fresh = unpack(ARGV, OWN)

local job = load()
if not job then return { 'no-such-job' } end
if job.status == 'running' and job.resolved == action then
  if not is_open(job) then
    if job.worker == worker and fresh ~= '1' then return confirmed(won(job)) end
    return confirmed({ 'already-claimed', job.worker })
  end
  local before, fields = standing(job), changes()
  local execution = text(job.execution + 1)
  set(job, fields, {
    hold = 'claimed', worker = worker, leaseExpiresAt = text(now + lease_span), execution = execution,
    lastActiveAt = text(now),
  })
  commit(job, before, fields, { { 'kind', 'claimed', 'worker', worker, 'execution', execution } }, true)
  return won(job)
end
if job.status == 'requires_action' then
  if not is_readable(job) then return { 'prompt-dead', job.generation, '' } end
  if job.actionId == action then
    if is_live(job) then return { 'still-undecided' } end
    return { 'prompt-dead', job.generation, job.actionId }
  end
end
local outcome, generation = closed(job, action)
if not outcome then return { 'no-such-action' } end
if outcome ~= 'decided' then return { 'action-closed', outcome } end
if generation ~= job.generation then return { 'action-closed', 'replaced' } end
if job.status == 'error' or job.status == 'aborted' then return { 'action-closed', 'aborted' } end
return { 'already-claimed', '' }
