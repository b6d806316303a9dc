#!lua flags=allow-oom
-- Ends a running job that was silent for longer than its TTL.
-- ARGV  generation errorCode errorMessage
-- ANSWERS  won not-due

local generation, code, message = unpack(ARGV, OWN)

local job = load()
if not job or job.generation ~= generation or job.status ~= 'running' or now < job.lastActiveAt + running_ttl then
  return { 'not-due' }
end
return finish(job, standing(job), 'error', 'aborted', { ending = 'failed', errorCode = code, errorMessage = message })
