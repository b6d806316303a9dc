#!lua flags=allow-oom
-- The resolution that closed an action.
-- ARGV  action
-- ANSWERS  already-decided no-such-action

local action = ARGV[OWN]

local job = load()
if not job then return { 'no-such-action' } end
local outcome, _, entry = closed(job, action)
if outcome ~= 'decided' then return { 'no-such-action' } end
return confirmed({ 'already-decided', job.owner, entry })
