#!lua flags=allow-oom
-- Ends a grant, and owes the archive word of it.
-- KEYS  grants uses outbox
-- ARGV  conversation tool id tenant noteId noteKind noteAt noteBody noteContent
-- ANSWERS  revoked none

local grants_key, uses_key, outbox_key = unpack(KEYS)
local conversation, tool, id, tenant, note_id, kind, at, body, content = unpack(ARGV)
local field = conversation .. '\n' .. tool
local grant = redis.call('HGET', grants_key, field)
if not grant or string.match(grant, '^%d+ %d+ ([^\n]*)\n') ~= id then return { 'none' } end
redis.call('HDEL', grants_key, field)
redis.call('HDEL', uses_key, id, id .. ' at')
redis.call('XADD', outbox_key, '*', 'kind', 'note', 'tenant', tenant, 'id', note_id, 'what', kind, 'at', at, 'body', body,
  'content', content)
return { 'revoked' }
