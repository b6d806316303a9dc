#!lua
-- Takes a place in the list of a user's active jobs, if there is one left or the job is in it already.
-- KEYS  active
-- ARGV  name score most
-- ANSWERS  taken held full

local active_key = KEYS[1]
local name, score, most = unpack(ARGV)
if redis.call('ZSCORE', active_key, name) then return { 'held' } end
if redis.call('ZCARD', active_key) >= tonumber(most) then return { 'full' } end
redis.call('ZADD', active_key, score, name)
return { 'taken' }
