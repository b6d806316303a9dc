#!lua flags=allow-oom
-- Raises a number by one.
-- KEYS  hash
-- ARGV  field
-- ANSWERS  bumped

local hash_key = KEYS[1]
return { 'bumped', text(redis.call('HINCRBY', hash_key, ARGV[1], 1)) }
