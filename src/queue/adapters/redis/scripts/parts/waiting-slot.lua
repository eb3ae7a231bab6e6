-- waitingSlot: the slot of a user who waits, or is away, outside the order of the waiting set.
local function waitingSlot(state, place, secondChanceUsed)
  return { state = state, place = place, lastPosition = noPosition,
    secondChanceUsed = secondChanceUsed, claimByMs = 0, sessionUntilMs = 0, holdUntilMs = 0,
    reservation = "", inFlight = 0, idleUntilMs = 0 }
end
