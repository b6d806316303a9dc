-- Each thread has one connection, so it is a worker: it pauses a job of its own, resolves it and claims what goes on, over and over, from job to job.
-- ARGS  name of the run, jobs of each worker, tenants (0: no tenant), "claims" or "pairs"
local report = require 'report'

local PAUSE = '{"action":{"actionId":"%s","payload":{"type":"tool_approval","action_requests":'
  .. '[{"tool_call_id":"c1","name":"send_email","arguments":{"to":"bob@example.com"}}]}}}'
local RESOLVE = '{"actionId":"%s","decisions":[{"tool_call_id":"c1","decision":"approve"}]}'

counted = 0

function init(args)
  local run, many, tenants, claims = args[1], tonumber(args[2]), tonumber(args[3]), args[4] == 'claims'
  local jobs, at, turn = {}, 1, 0
  for index = 1, many do
    local tenant = tenants > 0 and 't' .. (number * many + index) % tenants or nil
    jobs[index] = { id = run .. '-' .. number .. '-' .. index, tenant = tenant }
  end
  local function go_on()
    at = at % many + 1
    turn = turn + 1
    return jobs[at].fence and 'pause' or 'create'
  end
  local function finished()
    counted = counted + 1
    return go_on()
  end
  report.worker({
    create = {
      ask = function() return report.post('', nil, '{"id":"' .. jobs[at].id .. '","userId":"u' .. number .. '"}', jobs[at].tenant) end,
      next = function(body)
        jobs[at].fence = report.fence(body)
        return go_on()
      end,
    },
    pause = {
      ask = function() return report.post('/' .. jobs[at].id .. '/pause', jobs[at].fence, PAUSE:format('a' .. turn), jobs[at].tenant) end,
      next = function() return 'resolve' end,
    },
    resolve = {
      ask = function() return report.post('/' .. jobs[at].id .. '/resolve', nil, RESOLVE:format('a' .. turn), jobs[at].tenant) end,
      next = function() return claims and 'claim' or finished() end,
    },
    claim = {
      ask = function()
        return report.post('/' .. jobs[at].id .. '/actions/a' .. turn .. '/claim', nil, '{"workerId":"w' .. number .. '"}', jobs[at].tenant)
      end,
      next = function(body)
        jobs[at].fence = report.fence(body)
        return finished()
      end,
    },
  }, 'create')
end
