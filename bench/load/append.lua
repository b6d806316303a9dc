-- Each thread appends batches of events to a job of its own, ends it after some of them, and begins the next.
-- ARGS  name of the run, events of a batch, batches of a job
local report = require 'report'

counted = 0

function init(args)
  local run, many, most = args[1], tonumber(args[2]), tonumber(args[3])
  local events = {}
  for n = 1, many do events[n] = string.format('{"event":"token","data":{"n":%d,"text":"some words of an answer"}}', n) end
  local body = '[' .. table.concat(events, ',') .. ']'
  local life, batches, fence = 0, 0, nil
  local function id() return run .. '-' .. number .. '-' .. life end
  report.worker({
    create = {
      ask = function() return report.post('', nil, '{"id":"' .. id() .. '","userId":"u' .. number .. '"}') end,
      next = function(answer)
        fence, batches = report.fence(answer), 0
        return 'append'
      end,
    },
    append = {
      ask = function() return report.post('/' .. id() .. '/events', fence, body) end,
      next = function()
        counted, batches = counted + many, batches + 1
        return batches < most and 'append' or 'complete'
      end,
    },
    complete = {
      ask = function() return report.post('/' .. id() .. '/complete', fence, '{}') end,
      next = function()
        life = life + 1
        return 'create'
      end,
    },
  }, 'create')
end
