#!lua flags=allow-oom
-- Deletes an ended job whose retention is over and whose outbox entry has left.
-- ARGV  generation
-- ANSWERS  won not-due

local generation = ARGV[OWN]

local job = load()
if not job or job.generation ~= generation or not TERMINAL[job.status] or now < due_at(job) then
  return { 'not-due' }
end
if job.owed and #redis.pcall('XRANGE', outbox_key, job.owed, job.owed) > 0 then
  -- It must not come first in every pass of the sweep until the archive has it.
  redis.call('ZADD', deadlines_key, text(now + 1000), name)
  return { 'not-due' }
end
-- No generation may repeat, even when its job is long gone and the clock stepped back.
if tonumber(generation) > number(redis.call('GET', floor_key), 0) then
  redis.call('SET', floor_key, generation)
end
redis.call('DEL', job_key, log_key, retained_key, closed_key)
redis.call('ZREM', deadlines_key, name)
redis.call('ZREM', checks_key, name)
count(job.status, -1)
return won(job)
