#!lua flags=allow-oom
-- Expires the prompt that waits, dead or alive, because somebody asked for it.
-- ARGV  action
-- ANSWERS  won no-such-job not-waiting stale-action

local action = ARGV[OWN]

local job = load()
if not job then return { 'no-such-job' } end
if job.status ~= 'requires_action' then return confirmed({ 'not-waiting', job.status }) end
if action ~= '' and is_readable(job) and action ~= job.actionId then return { 'stale-action', job.actionId } end
return expired(job)
