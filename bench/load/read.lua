-- Reads what the URL names, over and over. ARGS  milliseconds to rest after each answer (none)
require 'report'

local rest = 0
function init(args) rest = tonumber(args[1] or 0) end
if os.getenv('BENCH_RESTS') then
  function delay() return rest end
end
