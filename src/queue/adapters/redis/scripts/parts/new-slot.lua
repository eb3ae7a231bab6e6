-- newSlot: the slot of a user who waits, or is away, outside the order of the waiting set.
local function newSlot(state, place, chancesUsed)
  return { state = state, place = place, lastPosition = noPosition, chancesUsed = chancesUsed,
    claimByMs = 0, sessionUntilMs = 0, holdUntilMs = 0, reservation = "" }
end
