#!lua flags=allow-oom
-- Ends a live job because a person or another service said so.
-- ARGV  generation errorCode errorMessage
-- ANSWERS  won no-such-job generation-mismatch already-settled

local generation, code, message = unpack(ARGV, OWN)

local job = load()
if not job then return { 'no-such-job' } end
if generation ~= '' and generation ~= job.generation then return { 'generation-mismatch', job.generation } end
if TERMINAL[job.status] then return confirmed({ 'already-settled', job.status }) end
return finish(job, standing(job), 'aborted', 'aborted',
  { ending = 'aborted', errorCode = code, errorMessage = message })
