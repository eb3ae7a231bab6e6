-- carry: a hold and the slot that it carries.
local function carryHold(user, place, reservation, expiresAtMs)
  local slot = readSlot(user)
  if not slot or slot.state ~= "A" or slot.place ~= place then
    return "absent"
  end
  slot.claimBy, slot.reservation, slot.hold = 0, reservation, expiresAtMs
  keepSlot(user, slot)
  redis.call("ZADD", active, "GT", leaseOf(slot), user)
  redis.call("ZADD", holding, expiresAtMs, user)
  return "carried"
end
