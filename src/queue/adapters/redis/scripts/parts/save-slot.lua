-- saveSlot: writes a slot in the form that getSlot reads; see writeMember.
-- @use slot-text
local function saveSlot(user, slot)
  if step.slots[user] == nil then
    redis.call("HSET", slotsKey, user, slotText(slot))
    return
  end
  step.slots[user], step.changed[user] = slot, true
end
