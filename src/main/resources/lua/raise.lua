#!lua flags=allow-oom
-- Makes the revision of a space's rules at least as new as this one, in one bucket.
-- KEYS  hash
-- ARGV  field revision
-- ANSWERS  raised

local hash_key = KEYS[1]
local field, revision = unpack(ARGV)
local in_force = tonumber(redis.call('HGET', hash_key, field) or '0') or 0
if tonumber(revision) > in_force then redis.call('HSET', hash_key, field, revision) end
return { 'raised' }
