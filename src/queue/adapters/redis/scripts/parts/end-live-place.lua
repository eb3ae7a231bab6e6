-- endLivePlace: ends the live place of a user for good, if it is not newer than a place.
-- returns "newer" | "ended" | "absent", see end-place
-- @use end-place
-- @use ended-place
-- @use live-place
-- @use note-taken
-- @use save-end
-- @use write-member
local function endLivePlace(queue, user, place, reason)
  local live, slot = livePlace(queue, user)
  if reason == "PAID" then
    writeMember(user, "SADD", boughtKey, user)
  end
  if live and live > place then
    return "newer"
  end
  if live and slot and slot.state == "A" and reason == "PAID" and slot.reservation == "" then
    noteTaken(queue, user)
  end
  if live then
    endPlace(queue, user, live, reason)
  end
  -- An instance may have read records without this end, and may be about to apply them.
  if queue.awaitsRebuild and (endedPlace(user) or 0) < place then
    saveEnd(user, place, reason)
  end
  return live and "ended" or "absent"
end
