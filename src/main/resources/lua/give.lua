#!lua
-- Remembers an approval, unless the user or the conversation has as many as there may be; what has expired makes room.
-- Answers also whose ids are held now and whose are gone, for the index that lies elsewhere.
-- A grant is a field '<conversation>\n<tool>' with the value '<givenAt> <expiresAt or 0> <id>\n<the rest>'.
-- KEYS  grants uses outbox
-- ARGV  clock conversation tool id ttl rest mostOfUser mostOfConversation tenant noteId noteKind noteAt noteBody noteContent
-- ANSWERS  given full

local grants_key, uses_key, outbox_key = unpack(KEYS)
local clock, conversation, tool, id, ttl, rest, most_of_user, most_of_conversation, tenant, note_id, kind, at, body, content =
  unpack(ARGV)

local now = time(clock)
local field = conversation .. '\n' .. tool
local of_user, of_conversation, gone, ids = 0, 0, {}, { id }
local flat = redis.call('HGETALL', grants_key)
for place = 1, #flat, 2 do
  local _, expires, other = string.match(flat[place + 1], '^(%d+) (%d+) ([^\n]*)\n')
  if not expires or expires ~= '0' and tonumber(expires) <= now then
    gone[#gone + 1] = { flat[place], other }
  elseif flat[place] ~= field then
    of_user = of_user + 1
    ids[#ids + 1] = other
    if conversation ~= '' and string.match(flat[place], '^[^\n]*') == conversation then of_conversation = of_conversation + 1 end
  elseif other ~= id then
    gone[#gone + 1] = { nil, other }
  end
end
if of_user >= tonumber(most_of_user) or of_conversation >= tonumber(most_of_conversation) then return { 'full' } end

local gone_ids = {}
for _, one in ipairs(gone) do
  if one[1] then redis.call('HDEL', grants_key, one[1]) end
  if one[2] then
    redis.call('HDEL', uses_key, one[2], one[2] .. ' at')
    gone_ids[#gone_ids + 1] = one[2]
  end
end
local expires = ttl == '' and '0' or text(now + tonumber(ttl))
redis.call('HSET', grants_key, field, text(now) .. ' ' .. expires .. ' ' .. id .. '\n' .. rest)
redis.call('XADD', outbox_key, '*', 'kind', 'note', 'tenant', tenant, 'id', note_id, 'what', kind, 'at', at, 'body', body,
  'content', content)
return { 'given', text(now), expires, ids, gone_ids }
