-- admitFrom: the part of a pass that admits users from the front of one set, and skips those who are absent.
-- key    waitingKey or returnedKey
-- terms  a table: admitMax, peopleMax, sessionMs, claimMs
-- done   a table, brought up to date: admitted, skipped, serving (the furthest place that was admitted)
-- @use admit-user
-- @use get-slot
-- @use last-position-if-absent
-- @use place-of-score
-- @use skip-place
-- @use waiting-slot
local function admitFrom(queue, key, terms, done)
  while done.admitted < terms.admitMax and done.admitted + done.skipped < terms.peopleMax do
    local room =
      math.min(terms.admitMax - done.admitted, terms.peopleMax - done.admitted - done.skipped)
    local first = redis.call("ZPOPMIN", key, room)
    if #first == 0 then
      return
    end
    for i = 1, #first, 2 do
      local user, score = first[i], tonumber(first[i + 1])
      local slot = key == returnedKey and getSlot(user)
        or waitingSlot("S", placeOfScore(queue, user, score), 0)
      local lastPosition = lastPositionIfAbsent(queue, user)
      if lastPosition then
        slot.lastPosition, done.skipped = lastPosition, done.skipped + 1
        skipPlace(queue, user, slot)
      else
        -- Keep the smallest position that the user was told.
        slot.lastPosition = math.min(slot.lastPosition, (i + 1) / 2)
        admitUser(queue, user, slot, terms)
        done.serving, done.admitted = math.max(done.serving, slot.place), done.admitted + 1
      end
    end
  end
end
