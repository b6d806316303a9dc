#!lua flags=allow-oom
-- Puts a job into an ordered list, or moves it there: what may be decided on a full server must be found there too.
-- KEYS  list
-- ARGV  name score
-- ANSWERS  placed

redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
return { 'placed' }
