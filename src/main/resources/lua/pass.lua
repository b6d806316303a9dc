#!lua
-- Lets the worker in force run calls that nobody has to be asked about, under the rules in force.
-- ARGV  generation execution rules calls
-- ANSWERS  won no-such-job generation-replaced execution-replaced not-claimed already-paused not-running rules-changed

local generation, execution, rules, calls = unpack(ARGV, OWN)

local job = load()
if not job then return { 'no-such-job' } end
local refused = refused_by_fence(job, generation, execution)
if refused then return refused end
if job.status == 'requires_action' then return { 'already-paused', is_readable(job) and job.actionId or '' } end
if job.status ~= 'running' then return { 'not-running', job.status } end
refused = refused_by_rules(rules)
if refused then return refused end
local before, fields = standing(job), changes()
keep_alive(job, fields)
commit(job, before, fields, {}, false)
owe_judged(job, calls)
return won(job)
