-- removePlace: takes the live place of a user out of the queue, wherever it is.
-- returns whether the user was waiting, and whether the user was ACTIVE, 0 or 1 each
-- @use get-slot
-- @use write-member
local function removePlace(user)
  local slot = getSlot(user)
  if not slot then
    redis.call("HDEL", presenceKey, user)
    return redis.call("ZREM", waitingKey, user), 0
  end
  writeMember(user, "HDEL", slotsKey, user)
  if step.slots[user] then
    step.slots[user], step.changed[user] = false, nil
  end
  if slot.state == "A" then
    writeMember(user, "ZREM", activeKey, user)
    writeMember(user, "ZREM", holdingKey, user)
    return 0, 1
  end
  redis.call("HDEL", presenceKey, user)
  redis.call("ZREM", slot.state == "S" and skippedKey or returnedKey, user)
  return slot.state == "R" and 1 or 0, 0
end
