-- carry: a hold and the slot that it carries.

-- Whether nothing newer than a place is known of a user: he lives at an older one, or at none.
local function isNews(user, place)
  local live = livePlace(user)
  return (not live or live <= place) and (endedPlace(user) or 0) < place
end

-- Puts somebody into the slot that the database knows of.
local function giveBack(user, place, sessionMs, reservation, holdMs)
  forget(user)
  -- Whether he had come is not known: he is not made to prove it, and has no second chance.
  local back = { state = "A", place = place, told = untold, chances = 1, claimBy = 0,
    session = sessionMs, hold = holdMs, reservation = reservation }
  keepActive(user, back, leaseOf(back))
  if holdMs > 0 then
    redis.call("ZADD", holding, holdMs, user)
  end
end

local function carryHold(user, place, reservation, expiresAtMs)
  local slot = readSlot(user)
  if slot and slot.state == "A" and slot.place == place then
    slot.claimBy, slot.reservation, slot.hold = 0, reservation, expiresAtMs
    keepSlot(user, slot)
    redis.call("ZADD", active, "GT", leaseOf(slot), user)
    redis.call("ZADD", holding, expiresAtMs, user)
    return "carried"
  end
  -- His slot has yet to be put back, by what was read of the database before it knew of the hold.
  if isPuttingBack() and expiresAtMs > nowMs and isNews(user, place) then
    giveBack(user, place, 0, reservation, expiresAtMs)
    return "carried"
  end
  return "absent"
end
