#!lua flags=allow-oom
-- Expires prompts of one bucket that were seen dead: each exactly the one that was seen. What something else wrote over fails by itself. The keys of job, log,
-- retained and closed are prefixes here, to be completed with a name, and that of counts with a tenant.
-- ARGV  nameGenerationActionUnreadable...
-- ANSWERS  expired won not-due failed

local job_prefix, log_prefix, retained_prefix, counts_prefix, closed_prefix =
  job_key, log_key, retained_key, counts_key, closed_key

local function expire(generation, action, unreadable)
  local job = load()
  if not job or job.generation ~= generation then return { 'not-due' } end
  -- Whoever reads the job's contents may find it beyond reading where these checks do not.
  local lost = unreadable == '1' and not TERMINAL[job.status]
  if not lost then
    if job.status ~= 'requires_action' then return { 'not-due' } end
    local same
    if is_readable(job) then same = action == job.actionId and not is_live(job) else same = action == '' end
    if not same then return { 'not-due' } end
  end
  return expired(job)
end

local function despite(done, outcome)
  if done then return outcome end
  return { 'failed', type(outcome) == 'table' and outcome.err or tostring(outcome) }
end

local outcomes = {}
for at = OWN, #ARGV, 4 do
  name = ARGV[at]
  job_key, log_key, retained_key, closed_key =
    job_prefix .. name, log_prefix .. name, retained_prefix .. name, closed_prefix .. name
  counts_key = counts_prefix .. string.match(name, '^[^:]*')
  outcomes[#outcomes + 1] = despite(pcall(expire, unpack(ARGV, at + 1, at + 3)))
end
return { 'expired', outcomes }
