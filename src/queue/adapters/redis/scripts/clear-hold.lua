-- clear-hold: take a hold off its slot; the session goes on where it was.
-- ARGV[3] user         id
-- ARGV[4] reservation  id
-- returns "cleared" | "absent" | "not-rebuilt"
-- cost O(log n)
-- @use queue
-- @use lobby
-- @use slot
-- @use recovery
-- What was read of the database when it still knew the hold may be about to be put back.
if isPuttingBack() then
  return { "not-rebuilt" }
end
local user = ARGV[3]
local slot = readSlot(user)
if not slot or slot.state ~= "A" or slot.reservation ~= ARGV[4] then
  return { "absent" }
end
slot.hold, slot.reservation = 0, ""
keepActive(user, slot, leaseOf(slot))
redis.call("ZREM", holding, user)
return { "cleared" }
