-- getSlot: the slot of a user, or nil. A user has one since the first admission, or since being skipped, and
-- does not wait in the waiting set meanwhile.
-- state             "A": ACTIVE | "S": skipped, the user is away | "R": returned, served before the queue
-- place             score of the place
-- lastPosition      the smallest position that the user was told; noPosition: none
-- secondChanceUsed  0 or 1: whether an admission has passed that the user did not claim
-- claimByMs         epoch ms; 0: the slot is claimed
-- sessionUntilMs    epoch ms
-- holdUntilMs       epoch ms, end of the hold that carries the slot; 0: none
-- reservation       id of that hold; empty: none
-- inFlight          attempts to reserve that have extended the lease and not ended
-- idleUntilMs       epoch ms, end of the slot if it is not used before; 0: none
-- @use parse-slot
local function getSlot(user)
  local slot = step.slots[user]
  if slot == nil then
    slot = parseSlot(redis.call("HGET", slotsKey, user))
  end
  return slot or nil
end
