#!lua flags=allow-oom
-- Closes the prompt that waits with one submission: of many callers one wins, and the others learn which.
-- ARGV  generation action resolution decision rules
-- ANSWERS  won no-such-job already-decided action-closed not-waiting prompt-dead stale-action rules-changed

local generation, action, resolution, decision, rules = unpack(ARGV, OWN)

local job = load()
if not job then return { 'no-such-job' } end
if generation ~= job.generation then
  local outcome, _, entry = closed_of(generation, action)
  return outcome and closed_to(job, outcome, entry) or confirmed({ 'action-closed', 'replaced' })
end
if job.status ~= 'requires_action' then
  local outcome, _, entry = closed(job, action)
  return outcome and closed_to(job, outcome, entry) or confirmed({ 'not-waiting', job.status })
end
if not is_live(job) then return { 'prompt-dead', job.generation, is_readable(job) and job.actionId or '' } end
if job.actionId ~= action then return { 'stale-action', job.actionId } end
local refused = refused_by_rules(rules)
if refused then return refused end

local before, fields = standing(job), changes()
local record = cjson.encode({
  resolution, decision, text(now), job.conversation, job.agent or '', job.action, job.pausedAt, job.expiresAt or '',
  job.deadline,
})
remember(job, fields, job.generation, 'decided', action, record)
forget_prompt(job, fields)
set(job, fields, { status = 'running', lastActiveAt = text(now), resolved = action, hold = 'open' })
commit(job, before, fields, { { 'kind', 'resumed', 'resolution', job.closed } }, true)
return won(job)
