#!lua flags=allow-oom
-- Expires the prompt that waits: by hand, dead or alive; else exactly the one that was seen dead.
-- ARGV  byHand generation action unreadable
-- ANSWERS  won no-such-job not-waiting stale-action not-due

local by_hand, generation, action, unreadable = unpack(ARGV, OWN)

local job = load()
if by_hand == '1' then
  if not job then return { 'no-such-job' } end
  if job.status ~= 'requires_action' then return confirmed({ 'not-waiting', job.status }) end
  if action ~= '' and is_readable(job) and action ~= job.actionId then return { 'stale-action', job.actionId } end
else
  if not job or job.generation ~= generation then return { 'not-due' } end
  -- Whoever reads the job's contents may find it beyond reading where these checks do not.
  local lost = unreadable == '1' and not TERMINAL[job.status]
  if not lost then
    if job.status ~= 'requires_action' then return { 'not-due' } end
    local same
    if is_readable(job) then same = action == job.actionId and not is_live(job) else same = action == '' end
    if not same then return { 'not-due' } end
  end
end
local ending = { ending = 'expired' }
if job.status == 'requires_action' and is_readable(job) then ending.endedAction = job.actionId end
return finish(job, standing(job), 'aborted', 'expired', ending)
