-- endAttempt: takes an attempt out of those in flight. With a hold the slot lasts as long as that. Without
-- one it lasts as long as if the attempt had not been made, once no other attempt of the place is in flight.
-- reservation  id of the hold; empty: none
-- expiresAtMs  epoch ms, end of the hold, or 0
-- @use carry-hold
-- @use get-slot
-- @use in-flight-field
-- @use own-lease-end
local function endAttempt(queue, user, place, reservation, expiresAtMs)
  local slot, inFlight = getSlot(user), 0
  local isSlotOfPlace = slot and slot.place == place
  if isSlotOfPlace then
    inFlight = redis.call("HINCRBY", metaKey, inFlightField(user), -1)
    if inFlight <= 0 then
      redis.call("HDEL", metaKey, inFlightField(user))
    end
  end
  if reservation ~= "" then
    carryHold(queue, user, place, reservation, expiresAtMs)
  elseif isSlotOfPlace and inFlight <= 0 and slot.state == "A" then
    redis.call("ZADD", activeKey, ownLeaseEnd(slot), user)
  end
end
