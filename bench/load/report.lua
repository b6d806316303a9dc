-- What every load tells in the end: one line of JSON, the last.
local report, threads = {}, {}

function setup(thread)
  thread:set('number', #threads)
  table.insert(threads, thread)
end

function done(summary, latency)
  local counted, failed, failure = 0, summary.errors.status, ''
  for _, thread in ipairs(threads) do
    counted = counted + (thread:get('counted') or 0)
    failure = thread:get('failure') or failure
  end
  io.write(string.format('\n{"requests":%d,"counted":%d,"seconds":%.6f,"failed":%d,"broken":%d,"p50":%.3f,"p99":%.3f,"failure":"%s"}\n',
    summary.requests, counted, summary.duration / 1e6, failed,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, (failure:gsub('[%c"\\]', ' '))))
end

-- A worker that stands at a step of its own: `steps` makes a request for each, and says what comes after its answer.
function report.worker(steps, first)
  local step = first
  function request() return steps[step].ask() end
  function response(status, _, body)
    if status >= 300 then
      failure = step .. ': ' .. status .. ' ' .. body
      step = first
    else
      step = steps[step].next(body)
    end
  end
end

function report.post(path, fence, body, tenant)
  local headers = { ['Authorization'] = wrk.headers['Authorization'], ['Content-Type'] = 'application/json' }
  headers['Holdpoint-Fence'] = fence
  headers['Holdpoint-Tenant'] = tenant
  return wrk.format('POST', '/v1/jobs' .. path, headers, body)
end

function report.fence(body) return string.match(body, '"fence":"([^"]+)"') end

return report
