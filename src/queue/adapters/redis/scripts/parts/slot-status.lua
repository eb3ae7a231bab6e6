-- slotStatus: placeStatus of a user with a slot. A user who was skipped returns by asking.
-- @use active-status
-- @use return-to-queue
-- @use returned-status
local function slotStatus(queue, user, slot)
  if slot.state == "A" then
    local word, place, value = activeStatus(queue, user, slot)
    if word then
      return word, place, value
    end
  end
  if slot.state == "S" then
    returnToQueue(queue, user, slot)
  end
  return returnedStatus(queue, user, slot)
end
