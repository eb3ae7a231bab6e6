-- admitUser: gives a user an ACTIVE slot, to be claimed within claimMs; it lasts sessionMs at most.
-- terms  a table: sessionMs, claimMs
-- @use append-journal
-- @use save-active-slot
local function admitUser(queue, user, slot, terms)
  slot.state, slot.holdUntilMs, slot.reservation, slot.idleUntilMs = "A", 0, "", 0
  slot.sessionUntilMs = queue.nowMs + terms.sessionMs
  slot.claimByMs = math.min(queue.nowMs + terms.claimMs, slot.sessionUntilMs)
  saveActiveSlot(user, slot, slot.claimByMs)
  redis.call("HDEL", presenceKey, user)
  appendJournal(queue, "ADMITTED", user, slot.place, slot.sessionUntilMs)
end
