#!lua flags=allow-oom
-- Notes that the worker is alive, and renews its lease.
-- ARGV  generation execution
-- ANSWERS  won no-such-job generation-replaced execution-replaced not-claimed already-settled

local generation, execution = unpack(ARGV, OWN)

local job = load()
if not job then return { 'no-such-job' } end
local refused = refused_by_fence(job, generation, execution)
if refused then return refused end
if TERMINAL[job.status] then return { 'already-settled', job.status } end
local fields = changes()
local before = standing(job)
keep_alive(job, fields)
commit(job, before, fields, {}, false)
return won(job)
