-- enterSeats: locks all seats of an attempt or none, and extends the lease of its place while it is in flight.
-- An attempt that a slot outlasts by itself is not counted, unless a waiting list may take the slot.
-- keys     the KEYS of the step
-- attempt  a table: user, place, owner, keyTag, lockMs, leaseMs, and from first to last the indexes of its
--   seat locks in keys
-- returns the words of the reply; see enter
-- @use check-active
-- @use extend-lease
-- @use lock-seats
-- @use own-lease-end
-- @use save-slot
local function enterSeats(queue, keys, attempt)
  local user = attempt.user
  local word, slot = checkActive(queue, user, attempt.place)
  if word ~= "active" then
    return word
  end
  local taken, sameKeyCount = lockSeats(keys, attempt)
  if #taken > 0 then
    return "locked", sameKeyCount == #taken and 1 or 0, #taken, unpack(taken)
  end
  local untilMs = queue.nowMs + attempt.leaseMs
  if ownLeaseEnd(slot) < untilMs or queue.waitingListAtMs then
    slot.inFlight = slot.inFlight + 1
    saveSlot(user, slot)
    extendLease(user, untilMs)
  end
  return "entered"
end
