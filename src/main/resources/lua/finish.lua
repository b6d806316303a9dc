#!lua flags=allow-oom
-- Completes or fails a running job for its worker.
-- ARGV  generation execution status result errorCode errorMessage
-- ANSWERS  won no-such-job generation-replaced execution-replaced not-claimed not-running

local generation, execution, status, result, code, message = unpack(ARGV, OWN)

local job = load()
if not job then return { 'no-such-job' } end
local refused = refused_by_fence(job, generation, execution)
if refused then return refused end
if job.status ~= 'running' then return confirmed({ 'not-running', job.status }) end
local ending = { ending = status == 'complete' and 'completed' or 'failed' }
if result ~= '' then ending.result = result end
if status == 'error' then ending.errorCode, ending.errorMessage = code, message end
return finish(job, standing(job), status, 'aborted', ending)
