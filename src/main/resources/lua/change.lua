#!lua flags=allow-oom
-- Puts a policy in the place of the version that is expected, and owes the archive word of it.
-- KEYS  policy outbox
-- ARGV  expected policy tenant noteId noteKind noteAt noteBody noteContent
-- ANSWERS  changed stale

local policy_key, outbox_key = unpack(KEYS)
local expected, policy, tenant, id, kind, at, body, content = unpack(ARGV)
local version = redis.call('HGET', policy_key, 'version') or '0'
if version ~= expected then return { 'stale', version } end
version = text(version + 1)
local revision = text((tonumber(redis.call('HGET', policy_key, 'revision') or '0') or 0) + 1)
redis.call('HSET', policy_key, 'version', version, 'policy', policy, 'revision', revision)
redis.call('XADD', outbox_key, '*', 'kind', 'note', 'tenant', tenant, 'id', id, 'what', kind, 'at', at, 'body', body,
  'content', content)
return { 'changed', version, revision }
