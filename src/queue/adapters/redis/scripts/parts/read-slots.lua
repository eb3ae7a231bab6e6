-- readSlots: reads the slots of all users of a step at once, for getSlot. From now on the writes of these users
-- wait for runWrites, which runs them together.
-- @use parse-slot
local function readSlots(users)
  if #users == 0 then
    return
  end
  for i, text in ipairs(redis.call("HMGET", slotsKey, unpack(users))) do
    step.slots[users[i]] = parseSlot(text) or false
  end
end
