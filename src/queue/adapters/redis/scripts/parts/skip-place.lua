-- skipPlace: marks the place of a user who is absent, or did not claim the slot, as skipped.
-- Others are admitted; on return the user is served first.
-- @use append-journal
-- @use save-slot
local function skipPlace(queue, user, slot)
  slot.state = "S"
  saveSlot(user, slot)
  redis.call("HDEL", presenceKey, user)
  redis.call("ZADD", skippedKey, slot.place, user)
  appendJournal(queue, "STEPPED_OVER", user, slot.place, 0)
end
