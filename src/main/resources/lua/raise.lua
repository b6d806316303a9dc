#!lua flags=allow-oom
-- Makes the rules of a space at least as new as this revision in one bucket.
-- KEYS  rules
-- ARGV  tenant revision
-- ANSWERS  raised

local rules_key = KEYS[1]
local tenant, revision = unpack(ARGV)
local in_force = tonumber(redis.call('HGET', rules_key, tenant) or '0') or 0
if tonumber(revision) > in_force then redis.call('HSET', rules_key, tenant, revision) end
return { 'raised' }
