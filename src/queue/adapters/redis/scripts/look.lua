-- look: where places stand; many callers in one step.
-- ARGV[3..] callers  user and place of each
-- returns "looked", figures…, then for each caller: word, place, number or reason
-- cost O(callers · log n)
-- @use queue
-- @use lobby
-- @use slot
-- @use recovery
-- @use presence
-- @use lapse
-- @use place-status
-- @use figures
local found = {}
for i = 3, #ARGV, 2 do
  local word, place, value = placeStatus(ARGV[i], tonumber(ARGV[i + 1]))
  found[#found + 1] = word
  found[#found + 1] = place
  found[#found + 1] = value
end
local reply = head("looked")
for i = 1, #found do
  reply[#reply + 1] = found[i]
end
return reply
