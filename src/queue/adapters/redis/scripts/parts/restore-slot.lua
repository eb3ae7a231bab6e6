-- restoreSlot: puts a user into an ACTIVE slot that only a token or the database knows of.
-- It counts as claimed, with no second chance, because Redis does not know whether the user has claimed it.
-- sessionUntilMs, holdUntilMs  epoch ms; 0: none
-- @use own-lease-end
-- @use remove-place
-- @use save-active-slot
local function restoreSlot(user, place, sessionUntilMs, reservation, holdUntilMs)
  -- The place is removed before the slot is written: nothing of this user waits for the end of the step.
  step.slots[user], step.changed[user] = nil, nil
  removePlace(user)
  local slot = { state = "A", place = place, lastPosition = noPosition, secondChanceUsed = 1,
    claimByMs = 0, sessionUntilMs = sessionUntilMs, holdUntilMs = holdUntilMs,
    reservation = reservation, inFlight = 0, idleUntilMs = 0 }
  saveActiveSlot(user, slot, ownLeaseEnd(slot))
  if holdUntilMs > 0 then
    redis.call("ZADD", holdingKey, holdUntilMs, user)
  end
end
