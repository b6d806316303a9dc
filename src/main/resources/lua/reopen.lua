#!lua flags=allow-oom
-- Writes down that a lease lapsed, so that whoever waits for a continuation finds this one.
-- ARGV  generation
-- ANSWERS  won not-due

local generation = ARGV[OWN]

local job = load()
if not job or job.generation ~= generation or job.status ~= 'running' or job.hold ~= 'claimed' or not is_open(job) then
  return { 'not-due' }
end
local before, fields = standing(job), changes()
unset(job, fields, 'worker', 'leaseExpiresAt')
set(job, fields, { hold = 'open' })
commit(job, before, fields, {}, true)
return won(job)
