#!lua flags=allow-oom
-- Jobs of one bucket that the sweep must look at, and when the next one falls due. Entries that came too early are moved.
-- The keys of job and log are prefixes here, to be completed with a name.
-- ARGV  limit bytes
-- ANSWERS  due

local limit, most_bytes = tonumber(ARGV[OWN]), tonumber(ARGV[OWN + 1])
local job_prefix, log_prefix = job_key, log_key

local jobs, seen, bytes = {}, 0, 0
while #jobs < limit and bytes < most_bytes and seen < 10 * limit do
  local early = redis.call('ZRANGE', deadlines_key, '-inf', text(now), 'BYSCORE', 'LIMIT', #jobs, limit - #jobs)
  if #early == 0 then break end
  for _, one in ipairs(early) do
    if bytes >= most_bytes then break end
    seen = seen + 1
    job_key, log_key = job_prefix .. one, log_prefix .. one
    local job = load()
    if not job then
      redis.call('ZREM', deadlines_key, one)
      redis.call('ZREM', prompts_key, one)
    else
      local due, farewell = due_at(job), number(job.previousUntil)
      if farewell and now >= farewell then
        if_ours('XTRIM', log_key, 'MINID', '=', job.generation .. '-0')
        redis.call('HDEL', job_key, 'previous', 'previousFirst', 'previousLast', 'previousUntil')
      end
      if due <= now then
        jobs[#jobs + 1] = { one, flattened(job) }
        for _, value in pairs(job) do bytes = bytes + #value end
      else
        redis.call('ZADD', deadlines_key, text(due), one)
      end
    end
  end
end
local next = redis.call('ZRANGE', deadlines_key, #jobs, #jobs, 'WITHSCORES')
return { 'due', text(now), next[2] or '', jobs }
